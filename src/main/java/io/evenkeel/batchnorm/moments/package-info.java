/// Moments of batches: count, weight, mean, second central moment and extremes of each feature of
/// an `[N x D]` batch, their exact merge, and windows of them.
///
/// The statistics are made of moments. It knows `lanes` alone.
///
/// Start reading at [io.evenkeel.batchnorm.moments.FeatureMoments];
/// [io.evenkeel.batchnorm.moments.MomentsAccumulator] takes a batch in pieces.
@NullMarked
package io.evenkeel.batchnorm.moments;

import org.jspecify.annotations.NullMarked;
