/// Reads decimals as doubles, correctly rounded, and prints doubles as the shortest decimals that
/// read back as the same double.
///
/// Reads raw numbers of any type as doubles, and writes doubles as raw floats.
///
/// It knows no other package of ours.
///
/// Start reading at [io.evenkeel.codec.number.NumberReader] and
/// [io.evenkeel.codec.number.NumberWriter]; for raw numbers at
/// [io.evenkeel.codec.number.NumberType].
@NullMarked
package io.evenkeel.codec.number;

import org.jspecify.annotations.NullMarked;
