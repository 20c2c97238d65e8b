/// Decimal digits to doubles and back, exactly: the digits that are printed are the shortest that
/// read back to the same double.
///
/// Raw numbers of any type to doubles, and doubles to raw floats.
///
/// It knows nothing of ours.
///
/// Start reading at [io.evenkeel.codec.number.NumberReader] and
/// [io.evenkeel.codec.number.NumberWriter]; for raw numbers at
/// [io.evenkeel.codec.number.NumberType].
@NullMarked
package io.evenkeel.codec.number;

import org.jspecify.annotations.NullMarked;
