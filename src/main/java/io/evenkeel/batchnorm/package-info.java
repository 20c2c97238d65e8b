/// The arithmetic of batch normalisation on plain arrays of doubles: moments of a batch, their
/// merging and windows of them, running statistics, the normalisation itself and its inverse, and
/// the gradients that are led back through it.
///
/// It serves `normalizer`, which decides *when* statistics move; this package only knows *how*. It
/// may know the JDK and JSpecify, nothing else: no clock, no randomness, no I/O.
///
/// Start reading at [io.evenkeel.batchnorm.FeatureMoments], then [io.evenkeel.batchnorm.Averaging],
/// [io.evenkeel.batchnorm.Training] and [io.evenkeel.batchnorm.Normalization]; for the way back
/// [io.evenkeel.batchnorm.Gradients].
@NullMarked
package io.evenkeel.batchnorm;

import org.jspecify.annotations.NullMarked;
