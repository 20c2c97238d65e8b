package io.evenkeel.drift;

import java.util.Arrays;
import java.util.List;

/// Counts what is compared with the first rows at inference: how many values of each feature were
/// missing, zero, at the end of their range, or clipped. Has the sum of their absolute deviations,
/// too. An array that counts nothing has no length. Not safe for threads.
final class FeatureCounts {
  private static final long[] NONE = {};

  private final int features;
  private final long[] missing;
  private final long[] zeros;
  private final long[] outOfRange;
  private final long[] clipped;
  private final double[] deviations;
  private long rows;

  FeatureCounts(Reference reference) {
    features = reference.features();
    missing = new long[features];
    zeros = new long[features];
    outOfRange = new long[reference.ranges().isPresent() ? features : 0];
    clipped = new long[reference.clip().isPresent() ? features : 0];
    deviations = new double[features];
  }

  void add(BatchSums batch) {
    rows += batch.rows;
    add(missing, batch.missing);
    add(outOfRange, batch.outOfRange);
    add(clipped, batch.clipped);
    for (int j = 0; j < features; j++) {
      zeros[j] += batch.zeros[j];
      deviations[j] += batch.deviation[j];
    }
  }

  /// These and others together.
  FeatureCounts plus(Reference reference, List<FeatureCounts> others) {
    FeatureCounts all = new FeatureCounts(reference);
    all.add(this);
    others.forEach(all::add);
    return all;
  }

  private void add(FeatureCounts other) {
    rows += other.rows;
    for (Measure rate : Measure.values()) {
      long[] sums = counts(rate);
      long[] more = other.counts(rate);
      for (int j = 0; j < sums.length; j++) {
        sums[j] += more[j];
      }
    }
    for (int j = 0; j < features; j++) {
      deviations[j] += other.deviations[j];
    }
  }

  /// The sums of absolute deviations `[D]`.
  double[] deviations() {
    return deviations;
  }

  /// The counts of a rate `[D]`; without length if it is not counted.
  long[] counts(Measure rate) {
    return switch (rate) {
      case MISSING -> missing;
      case ZERO -> zeros;
      case OUT_OF_RANGE -> outOfRange;
      case CLIPPED -> clipped;
      case MEAN, VARIANCE, ABSOLUTE_DEVIATION -> NONE;
    };
  }

  /// Says how many rows there were, of those that were kept elsewhere.
  void restore(long all) {
    rows = all;
  }

  void clear() {
    rows = 0;
    Arrays.fill(missing, 0);
    Arrays.fill(zeros, 0);
    Arrays.fill(outOfRange, 0);
    Arrays.fill(clipped, 0);
    Arrays.fill(deviations, 0);
  }

  private static void add(long[] sums, int[] more) {
    for (int j = 0; j < more.length; j++) {
      sums[j] += more[j];
    }
  }

  /// N.
  long rows() {
    return rows;
  }

  /// How many values of a feature were there.
  long present(int feature) {
    return rows - missing[feature];
  }

  /// The share of a rate, or the mean of the absolute deviations: of rows for [Measure#MISSING],
  /// else of the values present; NaN if there were none, or if the rate is not counted.
  double mean(Measure measure, int feature) {
    return switch (measure) {
      case ABSOLUTE_DEVIATION -> deviations[feature] / present(feature);
      case MISSING -> (double) missing[feature] / rows;
      case ZERO -> share(zeros, feature);
      case OUT_OF_RANGE -> share(outOfRange, feature);
      case CLIPPED -> share(clipped, feature);
      case MEAN, VARIANCE -> throw new IllegalArgumentException(measure + " is not learned");
    };
  }

  private double share(long[] counts, int feature) {
    return counts.length == 0 ? Double.NaN : (double) counts[feature] / present(feature);
  }
}
