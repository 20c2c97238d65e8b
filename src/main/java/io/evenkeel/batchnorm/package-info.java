/// The arithmetic of batch normalisation on plain arrays of doubles: moments of a batch, their
/// merging, running statistics, and the normalisation itself.
///
/// It serves `normalizer`, which decides *when* statistics move; this package only knows *how*. It
/// may know the JDK and JSpecify, nothing else: no clock, no randomness, no I/O.
///
/// Start reading at [io.evenkeel.batchnorm.FeatureMoments], then [io.evenkeel.batchnorm.Averaging]
/// and [io.evenkeel.batchnorm.Normalization].
@NullMarked
package io.evenkeel.batchnorm;

import org.jspecify.annotations.NullMarked;
