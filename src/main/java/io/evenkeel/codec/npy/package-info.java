/// Reads arrays as `numpy.save` writes them, and writes answers that `numpy.load` reads.
///
/// Start reading at [io.evenkeel.codec.npy.NpyBatchReader]; the layout of the bytes is at
/// [io.evenkeel.codec.npy.NpyHeader].
@NullMarked
package io.evenkeel.codec.npy;

import org.jspecify.annotations.NullMarked;
