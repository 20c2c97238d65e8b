/// Decimal digits to doubles and back, exactly: the digits that are printed are the shortest that
/// read back to the same double.
///
/// It knows nothing of ours.
///
/// Start reading at [io.evenkeel.codec.number.NumberReader] and
/// [io.evenkeel.codec.number.NumberWriter].
@NullMarked
package io.evenkeel.codec.number;

import org.jspecify.annotations.NullMarked;
