package io.evenkeel.batchnorm.moments;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A batch of feature vectors: a row-major matrix `[N × D]` of doubles with an optional weight for
/// each row.
///
/// A missing value is NaN; every other value is finite. The batch takes over the arrays and does
/// not copy them. Its maker must not write to them while the batch is in use, and must not read
/// them after normalising, which may overwrite them.
public final class FeatureBatch {
  private final int rows;
  private final int features;
  private final double[] values;
  private final double @Nullable [] weights;
  private final WeightKind weightKind;
  private final boolean hasMissing;
  private final Optional<FeatureMoments> arrived;

  private FeatureBatch(
      int rows,
      int features,
      double[] values,
      double @Nullable [] weights,
      WeightKind weightKind,
      boolean hasMissing,
      Optional<FeatureMoments> arrived) {
    this.arrived = arrived;
    this.weightKind = weightKind;
    this.rows = rows;
    this.features = Objects.checkIndex(features, Integer.MAX_VALUE);
    this.values = values;
    this.weights = weights;
    this.hasMissing = hasMissing;
    Objects.checkFromIndexSize(0, Math.multiplyExact(rows, features), values.length);
    if (weights != null) {
      Objects.checkFromIndexSize(0, rows, weights.length);
    }
  }

  /// A batch that owns `values[0 .. rows * features)` and, where given, `weights[0 .. rows)`; it
  /// looks once through the values to learn whether any is missing.
  public static FeatureBatch of(
      int rows, int features, double[] values, double @Nullable [] weights) {
    return of(rows, features, values, weights, WeightKind.RELIABILITY);
  }

  /// A batch whose weights mean this.
  public static FeatureBatch of(
      int rows, int features, double[] values, double @Nullable [] weights, WeightKind kind) {
    boolean missing = anyMissing(values, Math.multiplyExact(rows, features));
    return new FeatureBatch(rows, features, values, weights, kind, missing, Optional.empty());
  }

  /// A batch of which its maker has seen that no value is missing.
  public static FeatureBatch complete(
      int rows, int features, double[] values, double @Nullable [] weights, WeightKind kind) {
    return new FeatureBatch(rows, features, values, weights, kind, false, Optional.empty());
  }

  /// A batch without weights whose moments its maker has taken while the rows arrived: no value is
  /// missing.
  public static FeatureBatch arrived(
      int rows, int features, double[] values, WeightKind kind, FeatureMoments moments) {
    return new FeatureBatch(rows, features, values, null, kind, false, Optional.of(moments));
  }

  /// An unweighted batch of `values.length / features` rows.
  public static FeatureBatch of(int features, double... values) {
    if (values.length % features != 0) {
      throw new IllegalArgumentException(
          values.length + " values are not whole rows of " + features + " features");
    }
    return of(values.length / features, features, values, null);
  }

  /// N.
  public int rows() {
    return rows;
  }

  /// D.
  public int features() {
    return features;
  }

  /// The matrix itself, row-major; it may be longer than `rows * features`. Not a copy.
  public double[] values() {
    return values;
  }

  /// The weights `[N]`, or null where every row weighs 1. Not a copy.
  public double @Nullable [] weights() {
    return weights;
  }

  /// The moments, if they were taken while the rows arrived.
  public Optional<FeatureMoments> arrived() {
    return arrived;
  }

  /// Whether any value is NaN.
  public boolean hasMissing() {
    return hasMissing;
  }

  /// The weight of a row: 1 unless given.
  public double weight(int row) {
    return weights == null ? 1 : weights[row];
  }

  /// The degrees of freedom of a value of a row alone: 0 unless the row was seen more than once.
  public double freedom(int row) {
    return weights == null ? 0 : weightKind.freedom(weights[row]);
  }

  /// What the weights mean.
  public WeightKind weightKind() {
    return weightKind;
  }

  /// A sum is NaN where one of its terms is, and otherwise only where infinities meet.
  private static boolean anyMissing(double[] v, int length) {
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      double left = (v[i] + v[i + 1]) + (v[i + 2] + v[i + 3]);
      double right = (v[i + 4] + v[i + 5]) + (v[i + 6] + v[i + 7]);
      if (Double.isNaN(left + right) && anyMissing(v, i, i + 8)) {
        return true;
      }
    }
    return anyMissing(v, i, length);
  }

  private static boolean anyMissing(double[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Double.isNaN(values[i])) {
        return true;
      }
    }
    return false;
  }
}
