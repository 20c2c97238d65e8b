/// Running statistics: what the moments of batches become, one kind for each
/// [io.evenkeel.batchnorm.statistics.Averaging].
///
/// A normalizer keeps one of them. It knows `moments` and `lanes`.
///
/// Start reading at [io.evenkeel.batchnorm.statistics.Averaging], then
/// [io.evenkeel.batchnorm.statistics.RunningStatistics].
@NullMarked
package io.evenkeel.batchnorm.statistics;

import org.jspecify.annotations.NullMarked;
