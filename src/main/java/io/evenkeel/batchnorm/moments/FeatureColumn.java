package io.evenkeel.batchnorm.moments;

import java.util.Arrays;

/// A number for each of D features. It holds one number if all features have the same, as most
/// counts do, and an array otherwise. The bits decide (0 and −0 differ).
///
/// Immutable and safe for use by many threads.
public abstract sealed class FeatureColumn {

  /// A column of these numbers. It takes over the array, which must not be written to afterwards.
  public static FeatureColumn of(double... values) {
    for (int j = 1; j < values.length; j++) {
      if (Double.doubleToRawLongBits(values[j]) != Double.doubleToRawLongBits(values[0])) {
        return new Each(values);
      }
    }
    return values.length == 0 ? new Each(values) : new Same(values.length, values[0]);
  }

  /// The same number D times.
  public static FeatureColumn filled(int features, double value) {
    return features == 0 ? new Each(new double[0]) : new Same(features, value);
  }

  /// D.
  public abstract int features();

  /// The number of a feature.
  public abstract double get(int feature);

  /// A copy of the numbers `[D]`.
  public abstract double[] toArray();

  /// The numbers `[D]`; not always a copy, so they must not be written to.
  public abstract double[] values();

  /// These numbers and those of further features behind them.
  public final FeatureColumn followedBy(FeatureColumn others) {
    double[] all = Arrays.copyOf(values(), features() + others.features());
    System.arraycopy(others.values(), 0, all, features(), others.features());
    return of(all);
  }

  /// Whether all features have the same number.
  public abstract boolean isSame();

  /// Whether all features have this number, to the bit; true if there is no feature.
  public final boolean isFilledWith(double value) {
    return equals(filled(features(), value));
  }

  /// One number for all features, of which there is one.
  private static final class Same extends FeatureColumn {
    private final int features;
    private final double value;

    private Same(int features, double value) {
      this.features = features;
      this.value = value;
    }

    @Override
    public int features() {
      return features;
    }

    @Override
    public double get(int feature) {
      return value;
    }

    @Override
    public double[] toArray() {
      double[] values = new double[features];
      if (Double.doubleToRawLongBits(value) != 0) {
        Arrays.fill(values, value);
      }
      return values;
    }

    public @Override double[] values() {
      return toArray();
    }

    @Override
    public boolean isSame() {
      return true;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Same that
          && features == that.features
          && Double.doubleToLongBits(value) == Double.doubleToLongBits(that.value);
    }

    @Override
    public int hashCode() {
      return 31 * features + Double.hashCode(value);
    }
  }

  /// A number of its own for each feature.
  private static final class Each extends FeatureColumn {
    private final double[] values;

    private Each(double[] values) {
      this.values = values;
    }

    @Override
    public int features() {
      return values.length;
    }

    @Override
    public double get(int feature) {
      return values[feature];
    }

    @Override
    public double[] toArray() {
      return values.clone();
    }

    public @Override double[] values() {
      return values;
    }

    @Override
    public boolean isSame() {
      return false;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Each that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }
}
