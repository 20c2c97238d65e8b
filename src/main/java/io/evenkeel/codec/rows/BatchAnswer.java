package io.evenkeel.codec.rows;

import io.evenkeel.admission.AdmittedBatch.SkippedRow;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.Features;
import io.evenkeel.normalizer.NormalizerName;
import java.util.List;
import java.util.OptionalLong;

/// What a batch is answered.
///
/// @param rows N
/// @param values `[N × D]`, row-major, NaN where missing or skipped
/// @param skipped rows that were left out, ascending
@SuppressWarnings("ArrayRecordComponent") // handed on to one writer, never compared
public record BatchAnswer(
    NormalizerName normalizer,
    Mode mode,
    BatchOutcome outcome,
    long version,
    OptionalLong appliedVersion,
    Features features,
    int rows,
    double[] values,
    List<SkippedRow> skipped) {

  public double value(int row, int feature) {
    return values[row * features.size() + feature];
  }
}
