/// The arithmetic of batch normalisation on plain arrays of doubles: what a batch is normalised by,
/// the normalisation, its inverse, gamma and beta, and activations.
///
/// The resource `normalizer` decides *when* statistics move; the packages here know *how*. They
/// know the JDK and JSpecify alone: no clock, no randomness, no I/O. `lanes` has the loops,
/// `moments` and `statistics` the state, `gradients` the way back.
///
/// Start reading at [io.evenkeel.batchnorm.moments.FeatureMoments], then
/// [io.evenkeel.batchnorm.statistics.Averaging], [io.evenkeel.batchnorm.Training] and
/// [io.evenkeel.batchnorm.Normalization].
@NullMarked
package io.evenkeel.batchnorm;

import org.jspecify.annotations.NullMarked;
