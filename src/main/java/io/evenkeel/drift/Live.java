package io.evenkeel.drift;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// The live part of a comparison: batches gathered to groups, and a [GroupSeries] of each measure.
///
/// The value of a group, with c values z present and M the level of the mean before it:
///
/// | measure  | value                                                                        |
/// |----------|------------------------------------------------------------------------------|
/// | mean     | m = Σz / c                                                                   |
/// | variance | Σ(z − M)² / c − (standard error of M)²; of the first group Σ(z − m)² / (c − 1) |
/// | rates    | hits / c; missing values / rows                                              |
///
/// The variance is taken about the live mean, so that a shift of the mean is not a change of the
/// variance, too. A feature without a value in a group skips it.
///
/// Not safe for threads.
final class Live {
  private final Map<Measure, GroupSeries> series = new EnumMap<>(Measure.class);
  private final int[] groups;
  private final double[] sum;
  private final double[] square;
  private final Reference reference;
  private final Hits hits;
  private int allGroups;
  private long groupedRows;

  Live(Reference reference) {
    this.reference = reference;
    int features = reference.features();
    groups = new int[features];
    sum = new double[features];
    square = new double[features];
    hits = new Hits(reference);
    for (Measure measure : Measure.values()) {
      if (isCounted(measure)) {
        series.put(measure, new GroupSeries(features));
      }
    }
  }

  private boolean isCounted(Measure measure) {
    return switch (measure) {
      case MEAN, VARIANCE, MISSING, ZERO -> true;
      case OUT_OF_RANGE -> reference.ranges().isPresent();
      case CLIPPED -> reference.clip().isPresent();
    };
  }

  void add(BatchSums batch) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += batch.sum[j];
      square[j] += batch.square[j];
    }
    hits.add(batch);
  }

  /// The rows of the group that is open.
  long openRows() {
    return hits.rows();
  }

  /// Ends the open group.
  void close() {
    for (int j = 0; j < groups.length; j++) {
      of(Measure.MISSING).add(j, allGroups, hits.rate(Measure.MISSING, j), 1);
      if (hits.present(j) > 0) {
        closeMoments(j, hits.present(j));
        closeRate(Measure.ZERO, j);
        closeRate(Measure.OUT_OF_RANGE, j);
        closeRate(Measure.CLIPPED, j);
        groups[j]++;
      }
    }
    allGroups++;
    groupedRows += hits.rows();
    Arrays.fill(sum, 0);
    Arrays.fill(square, 0);
    hits.clear();
  }

  private void closeMoments(int j, long count) {
    int before = groups[j];
    double mean = sum[j] / count;
    double variance =
        before == 0 ? ofFirst(j, mean, count) : aboutLevel(j, mean, square[j] / count, before);
    of(Measure.MEAN).add(j, before, mean, 1.0 / count);
    of(Measure.VARIANCE).add(j, before, variance, 2.0 / count);
  }

  private double ofFirst(int j, double mean, long count) {
    return count > 1 ? (square[j] - count * mean * mean) / (count - 1) : square[j];
  }

  private double aboutLevel(int j, double mean, double square, int before) {
    GroupSeries means = of(Measure.MEAN);
    double level = means.level(j);
    double error = means.scatter(j) * GroupSeries.weights(before);
    return square - 2 * level * mean + level * level - error;
  }

  private void closeRate(Measure rate, int j) {
    if (has(rate)) {
      of(rate).add(j, groups[j], hits.rate(rate, j), 1);
    }
  }

  /// Whether a measure is counted: ranges and clips may be absent.
  boolean has(Measure measure) {
    return series.containsKey(measure);
  }

  /// The series of a measure that is counted.
  GroupSeries of(Measure measure) {
    return Objects.requireNonNull(series.get(measure));
  }

  /// The groups in which a measure had a value of a feature.
  int groups(Measure measure, int feature) {
    return measure == Measure.MISSING ? allGroups : groups[feature];
  }

  /// All groups that have ended.
  int groups() {
    return allGroups;
  }

  /// The mean number of rows of a group.
  double rowsOfGroup() {
    return (double) groupedRows / allGroups;
  }
}
