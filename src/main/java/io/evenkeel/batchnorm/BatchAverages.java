package io.evenkeel.batchnorm;

/// Running statistics that average over batches: whatever they make of the spread, they keep
/// [RunningMeans].
public sealed interface BatchAverages extends RunningStatistics
    permits AveragedStatistics, RenormalizationStatistics {

  /// Counts, means and extremes; the arrays must not be written to.
  RunningMeans means();

  @Override
  default int features() {
    return means().features();
  }

  @Override
  default double count(int feature) {
    return means().count()[feature];
  }

  @Override
  default double min(int feature) {
    return means().min()[feature];
  }

  @Override
  default double max(int feature) {
    return means().max()[feature];
  }
}
