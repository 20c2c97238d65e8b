package io.evenkeel.drift;

import java.util.Arrays;

/// The live part of a comparison on this replica: batches gathered to groups, whose values enter
/// the [Levels].
///
/// The value of a group, with c values z present and M the level of the mean before it:
///
/// | measure            | value                                                              |
/// |--------------------|--------------------------------------------------------------------|
/// | mean               | m = Σz / c                                                         |
/// | variance           | Σ(z − M)² / c − (standard error of M)²; of the first group         |
/// |                    | Σ(z − m)² / (c − 1)                                                |
/// | absolute deviation | Σ min(abs(z), 3) / c                                               |
/// | rates              | hits / c; missing values / rows                                    |
///
/// The variance is taken about the live mean, so that a shift of the mean is not a change of the
/// variance, too. A feature without a value in a group skips it.
///
/// Not safe for threads.
final class Live {
  private final double[] sum;
  private final double[] square;
  private final Levels levels;
  private final FeatureCounts counts;

  Live(Reference reference) {
    int features = reference.features();
    sum = new double[features];
    square = new double[features];
    levels = new Levels(reference);
    counts = new FeatureCounts(reference);
  }

  void add(BatchSums batch) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += batch.sum[j];
      square[j] += batch.square[j];
    }
    counts.add(batch);
  }

  /// The rows of the group that is open.
  long openRows() {
    return counts.rows();
  }

  /// Ends the open group.
  ///
  /// @param memory how many groups the levels cover
  void close(double memory) {
    for (int j = 0; j < sum.length; j++) {
      levels.add(Measure.MISSING, j, counts.mean(Measure.MISSING, j), 1, memory);
      if (counts.present(j) > 0) {
        closeMoments(j, counts.present(j), memory);
        close(Measure.ABSOLUTE_DEVIATION, j, memory);
        close(Measure.ZERO, j, memory);
        close(Measure.OUT_OF_RANGE, j, memory);
        close(Measure.CLIPPED, j, memory);
        levels.closed(j, memory);
      }
    }
    levels.end(counts.rows(), memory);
    Arrays.fill(sum, 0);
    Arrays.fill(square, 0);
    counts.clear();
  }

  private void closeMoments(int j, long count, double memory) {
    double mean = sum[j] / count;
    double variance =
        levels.groups(Measure.MEAN, j) == 0
            ? ofFirst(j, mean, count)
            : aboutLevel(j, mean, square[j] / count);
    levels.add(Measure.MEAN, j, mean, 1.0 / count, memory);
    levels.add(Measure.VARIANCE, j, variance, 2.0 / count, memory);
  }

  private double ofFirst(int j, double mean, long count) {
    return count > 1 ? (square[j] - count * mean * mean) / (count - 1) : square[j];
  }

  private double aboutLevel(int j, double mean, double square) {
    GroupSeries means = levels.of(Measure.MEAN);
    double level = means.level(j);
    double error = means.scatter(j) * levels.weights(Measure.MEAN, j);
    return square - 2 * level * mean + level * level - error;
  }

  /// All of these measures are bounded, so that one wild group cannot move them far.
  private void close(Measure measure, int j, double memory) {
    if (levels.has(measure)) {
      levels.add(measure, j, counts.mean(measure, j), 1, memory);
    }
  }

  /// The groups that have ended.
  Levels levels() {
    return levels;
  }
}
