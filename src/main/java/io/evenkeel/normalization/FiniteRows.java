package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Wire;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;

/// Checks that the results for a batch are finite, since JSON has no infinity.
final class FiniteRows {
  private FiniteRows() {}

  /// Refuses results `[N × D]` that are not finite, except those of missing values.
  ///
  /// @param what the subject of the fault's sentence
  /// @throws InvalidInput with a fault `overflow` for each
  static void require(AskedBatch batch, double[] results, String what) {
    FeatureBatch x = batch.values();
    FloatType type = batch.answered();
    Faults faults = new Faults();
    for (int i = 0; i < results.length; i++) {
      if (!type.isFinite(results[i])
          && !(x.hasMissing() && Double.isNaN(results[i]) && Double.isNaN(x.values()[i]))) {
        int row = i / x.features();
        int feature = i % x.features();
        faults.add(() ->
            new Fault(
                batch.pointers().of(row, feature),
                Fault.OVERFLOW,
                what
                    + " would not be finite"
                    + (type == FloatType.FLOAT64 ? "." : " in " + Wire.word(type) + ".")));
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
  }
}
