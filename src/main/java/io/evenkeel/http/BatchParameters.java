package io.evenkeel.http;

import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.ReadOptions;
import io.evenkeel.http.RequestException.BadParameter;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.validation.AdmittedBatch;
import io.evenkeel.validation.BatchAdmission;
import io.evenkeel.validation.BatchAdmission.Purpose;
import io.evenkeel.validation.ReceivedBatch;
import java.util.Optional;

/// What the query of a batch says.
///
/// @param skipInvalid whether rows that break a rule are left out
/// @param maxSkipped the largest share of rows that may be left out, 0 to 1
/// @param rejectFrozen whether a frozen normalizer refuses the batch
record BatchParameters(
    ReadOptions reading, boolean skipInvalid, double maxSkipped, boolean rejectFrozen) {

  /// What becomes of rows that break a rule.
  enum InvalidRows {
    REJECT,
    SKIP
  }

  /// What a frozen normalizer does with a training batch.
  enum OnFrozen {
    NORMALIZE,
    REJECT
  }

  /// The type of binary numbers.
  enum Dtype {
    FLOAT64,
    FLOAT32
  }

  static BatchParameters of(
      ReadOptions.Extra extra,
      Optional<String> weightColumn,
      Dtype dtype,
      InvalidRows invalidRows,
      double maxSkipped,
      OnFrozen onFrozen) {
    if (!(maxSkipped >= 0 && maxSkipped <= 1)) {
      throw new BadParameter("maxSkipped is " + maxSkipped + "; it must be 0 to 1.");
    }
    return new BatchParameters(
        new ReadOptions(extra, weightColumn, dtype == Dtype.FLOAT32),
        invalidRows == InvalidRows.SKIP,
        maxSkipped,
        onFrozen == OnFrozen.REJECT);
  }

  /// Refuses what does not go together.
  void requireFits(BatchFormat format, NormalizerDefinition definition) {
    reading
        .weightColumn()
        .ifPresent(name -> {
          if (format != BatchFormat.CSV) {
            throw new BadParameter("weightColumn goes with text/csv only.");
          }
          if (definition.features().indexOf(name) >= 0) {
            throw new BadParameter("weightColumn names a feature.");
          }
        });
  }

  AdmittedBatch admit(BatchAdmission admission, ReceivedBatch received, Purpose purpose) {
    return skipInvalid
        ? admission.admitSkipping(received, purpose, maxSkipped)
        : admission.admit(received, purpose);
  }
}
