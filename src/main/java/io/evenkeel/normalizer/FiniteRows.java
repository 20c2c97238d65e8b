package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.FeatureBatch;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;

/// That what was made of the rows of a batch can be answered: JSON has no infinity.
final class FiniteRows {
  private FiniteRows() {}

  /// Refuses results `[N × D]` that are not finite, but for those of missing values.
  ///
  /// @param what the subject of the sentence
  /// @throws InvalidInput with a fault `overflow` for each
  static void require(FeatureBatch x, double[] results, String what) {
    Faults faults = new Faults();
    for (int i = 0; i < results.length; i++) {
      if (!Double.isFinite(results[i])
          && !(Double.isNaN(results[i]) && Double.isNaN(x.values()[i]))) {
        String pointer = "#/rows/" + i / x.features() + "/" + i % x.features();
        faults.add(() -> new Fault(pointer, Fault.OVERFLOW, what + " would not be finite."));
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
  }
}
