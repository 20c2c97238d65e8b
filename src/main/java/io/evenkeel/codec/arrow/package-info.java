/// Reads Arrow IPC streams and answers with the same columns, normalised.
///
/// It knows the generated classes of Arrow's format, and reads and writes the buffers itself.
///
/// Start reading at [io.evenkeel.codec.arrow.ArrowBatchReader] and
/// [io.evenkeel.codec.arrow.ArrowAnswerWriter].
@NullMarked
package io.evenkeel.codec.arrow;

import org.jspecify.annotations.NullMarked;
