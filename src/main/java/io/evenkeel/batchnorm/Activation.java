package io.evenkeel.batchnorm;

import java.util.OptionalDouble;

/// What is applied to y = γ x̂ + β last, and its derivative.
///
/// | activation | a(z)            | a′(z)                | inverse                |
/// |------------|-----------------|----------------------|------------------------|
/// | `none`     | z               | 1                    | y                      |
/// | `relu`     | max(z, 0)       | 1 where z > 0, else 0 | none: it is not one-to-one |
/// | `sigmoid`  | 1 / (1 + e⁻ᶻ)   | a (1 − a)            | ln(y / (1 − y)), 0 < y < 1 |
/// | `tanh`     | tanh z          | 1 − a²               | artanh y, −1 < y < 1   |
///
/// A z that is not finite gives NaN, so that an overflow before the activation is not hidden by an
/// activation that is bounded. Precision: 2 ulp of a, the derivatives also where a is close to its
/// limits.
public enum Activation {
  /// Nothing.
  NONE {
    @Override
    public double apply(double z) {
      return z;
    }

    @Override
    public double derivative(double z) {
      return 1;
    }

    @Override
    boolean saturates(double y) {
      return false;
    }

    @Override
    public OptionalDouble inverse(double y) {
      return OptionalDouble.of(y);
    }
  },

  /// max(z, 0).
  RELU {
    @Override
    public double apply(double z) {
      return Math.max(z, 0) + 0 * z;
    }

    @Override
    public double derivative(double z) {
      return z > 0 ? 1 : 0;
    }

    @Override
    boolean saturates(double y) {
      return y <= 0;
    }

    @Override
    public OptionalDouble inverse(double y) {
      return OptionalDouble.empty();
    }
  },

  /// The logistic function.
  SIGMOID {
    @Override
    public double apply(double z) {
      double e = Math.exp(-Math.abs(z));
      return (z < 0 ? e : 1) / (1 + e) + 0 * z;
    }

    @Override
    public double derivative(double z) {
      double e = Math.exp(-Math.abs(z));
      return e / ((1 + e) * (1 + e));
    }

    @Override
    boolean saturates(double y) {
      return y * (1 - y) < SATURATION * 0.25;
    }

    @Override
    public OptionalDouble inverse(double y) {
      return y > 0 && y < 1
          ? OptionalDouble.of(Math.log(y) - Math.log1p(-y))
          : OptionalDouble.empty();
    }
  },

  /// The hyperbolic tangent.
  TANH {
    @Override
    public double apply(double z) {
      return Math.tanh(z) + 0 * z;
    }

    @Override
    public double derivative(double z) {
      double e = Math.exp(-2 * Math.abs(z));
      return 4 * e / ((1 + e) * (1 + e));
    }

    @Override
    boolean saturates(double y) {
      return 1 - y * y < SATURATION;
    }

    @Override
    public OptionalDouble inverse(double y) {
      return y > -1 && y < 1
          ? OptionalDouble.of((Math.log1p(y) - Math.log1p(-y)) / 2)
          : OptionalDouble.empty();
    }
  };

  /// Below which share of its greatest value a derivative counts as vanished.
  private static final double SATURATION = 0.05;

  /// a(z); NaN where z is NaN or infinite.
  public abstract double apply(double z);

  /// a′(z); at the kink of ReLU 0, as the frameworks have it.
  public abstract double derivative(double z);

  /// Whether an answered value y = a(z) lies where learning stalls: for sigmoid and tanh where |a′|
  /// is below 0.05 of its maximum, for ReLU where y is 0.
  abstract boolean saturates(double y);

  /// The z with a(z) = y; empty where there is none, and always for ReLU, for which there are many.
  public abstract OptionalDouble inverse(double y);

  /// Whether every answered value has one z.
  public boolean isInvertible() {
    return this != RELU;
  }

  /// Applies it to the first `lanes` values.
  final void apply(double[] z, int lanes) {
    for (int j = 0; this != NONE && j < lanes; j++) {
      z[j] = apply(z[j]);
    }
  }
}
