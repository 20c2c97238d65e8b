/// Rows as raw little-endian numbers of 8 or 4 bytes, without a header.
///
/// Start reading at [io.evenkeel.codec.binary.BinaryBatchReader].
@NullMarked
package io.evenkeel.codec.binary;

import org.jspecify.annotations.NullMarked;
