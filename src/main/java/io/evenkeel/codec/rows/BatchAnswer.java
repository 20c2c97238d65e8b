package io.evenkeel.codec.rows;

import io.evenkeel.admission.AdmittedBatch.SkippedRow;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.RowsToCome;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Features;
import java.util.List;
import java.util.OptionalLong;

/// The answer to a batch.
///
/// @param rows N
/// @param matrix `[N × D]`, row-major; NaN if missing or in a skipped row
/// @param skipped the rows that were left out, in ascending order
public record BatchAnswer(
    NormalizerName normalizer,
    Mode mode,
    BatchOutcome outcome,
    long version,
    OptionalLong appliedVersion,
    Features features,
    int rows,
    RowsToCome matrix,
    List<SkippedRow> skipped) {

  /// An answer whose rows are all normalised.
  public BatchAnswer(
      NormalizerName normalizer,
      Mode mode,
      BatchOutcome outcome,
      long version,
      OptionalLong appliedVersion,
      Features features,
      int rows,
      double[] values,
      List<SkippedRow> skipped) {
    this(
        normalizer,
        mode,
        outcome,
        version,
        appliedVersion,
        features,
        rows,
        RowsToCome.made(values),
        skipped);
  }

  /// The array of all rows.
  public double[] values() {
    return matrix.all();
  }

  /// The value of a feature in a row.
  public double value(int row, int feature) {
    return values()[row * features.size() + feature];
  }
}
