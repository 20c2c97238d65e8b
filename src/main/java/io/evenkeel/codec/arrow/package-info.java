/// Reads Arrow tables, as streams and files, and answers with the same columns, normalised.
///
/// It reads and writes the buffers of columns itself. Their places are told by
/// [io.evenkeel.codec.arrow.message].
///
/// Start reading at [io.evenkeel.codec.arrow.ArrowBatchReader] and
/// [io.evenkeel.codec.arrow.ArrowAnswerWriter].
@NullMarked
package io.evenkeel.codec.arrow;

import org.jspecify.annotations.NullMarked;
