package io.evenkeel.batchnorm.moments;

/// What the weight of a row means. It decides the unbiased variance alone: mean and biased variance
/// are the same.
///
/// | kind          | F of a batch, by which M2 is divided | a row of weight 3 counts as        |
/// |---------------|--------------------------------------|------------------------------------|
/// | `RELIABILITY` | Σwᵢ − Σwᵢ²/Σwᵢ                       | one value, known 3 times as well   |
/// | `FREQUENCY`   | Σwᵢ − 1                              | three equal values                 |
public enum WeightKind {
  /// How reliable a row is, in any unit: the scale of the weights drops out.
  RELIABILITY {
    @Override
    double freedom(double weight) {
      return 0;
    }
  },
  /// How often a row was seen: whole numbers.
  FREQUENCY {
    @Override
    double freedom(double weight) {
      return Math.max(0, weight - 1);
    }
  };

  /// F of one value.
  abstract double freedom(double weight);
}
