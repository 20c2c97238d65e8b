/// The innermost loops: sums, extremes and products of many values at once, in lanes that the JIT
/// turns into vector instructions, and sums in two doubles.
///
/// The moments, normalising and drift use it. It knows nothing of ours: arrays of doubles in,
/// numbers out.
///
/// Start reading at [io.evenkeel.batchnorm.lanes.Tile].
@NullMarked
package io.evenkeel.batchnorm.lanes;

import org.jspecify.annotations.NullMarked;
