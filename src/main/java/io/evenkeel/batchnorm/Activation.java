package io.evenkeel.batchnorm;

import java.util.OptionalDouble;

/// The function a that is applied last, to z = γ x̂ + β, with its derivative and its inverse.
///
/// | activation | a(z)            | a′(z)                | inverse                |
/// |------------|-----------------|----------------------|------------------------|
/// | `none`     | z               | 1                    | y                      |
/// | `relu`     | max(z, 0)       | 1 where z > 0, else 0 | y, y > 0               |
/// | `sigmoid`  | 1 / (1 + e⁻ᶻ)   | a (1 − a)            | ln(y / (1 − y)), 0 < y < 1 |
/// | `tanh`     | tanh z          | 1 − a²               | artanh y, −1 < y < 1   |
///
/// If z is not finite, a(z) is NaN: a bounded activation must not hide an overflow before it.
/// Precision: 2 ulp of a; the derivatives have the same precision close to the limits of a.
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
      return y > 0 ? OptionalDouble.of(y) : OptionalDouble.empty();
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

  /// A derivative below this share of its greatest value counts as vanished.
  private static final double SATURATION = 0.05;

  /// a(z); NaN where z is NaN or infinite.
  public abstract double apply(double z);

  /// a′(z); 0 at the kink of ReLU, as in the frameworks.
  public abstract double derivative(double z);

  /// Whether learning stalls at an answered value y = a(z): for sigmoid and tanh if |a′| is below
  /// 0.05 of its maximum, for ReLU if y is 0.
  abstract boolean saturates(double y);

  /// The z with a(z) = y; empty if there is none, or more than one as for the 0 of ReLU.
  public abstract OptionalDouble inverse(double y);

  /// Applies the activation to the first `lanes` values.
  final void apply(double[] z, int lanes) {
    for (int j = 0; this != NONE && j < lanes; j++) {
      z[j] = apply(z[j]);
    }
  }
}
