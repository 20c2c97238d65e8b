package io.evenkeel.batchnorm.statistics;

/// Running statistics that average over batches. They differ in their spread; all keep
/// [RunningMeans].
public sealed interface BatchAverages extends RunningStatistics
    permits AveragedStatistics, RenormalizationStatistics {

  /// Counts, means and extremes.
  RunningMeans means();

  @Override
  default int features() {
    return means().features();
  }

  @Override
  default double count(int feature) {
    return means().count().get(feature);
  }

  @Override
  default double min(int feature) {
    return means().min().get(feature);
  }

  @Override
  default double max(int feature) {
    return means().max().get(feature);
  }
}
