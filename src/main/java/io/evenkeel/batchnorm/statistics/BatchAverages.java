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

  /// Given statistics may have no count. Then their extremes, if not known, are the widest range,
  /// while those of a feature without a value are an empty one.
  @Override
  default boolean hasValue(int feature) {
    return count(feature) > 0 || min(feature) <= max(feature);
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
