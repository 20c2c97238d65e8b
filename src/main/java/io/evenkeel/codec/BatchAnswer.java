package io.evenkeel.codec;

import io.evenkeel.normalizer.BatchOutcome;
import io.evenkeel.normalizer.Features;
import io.evenkeel.normalizer.Mode;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.validation.AdmittedBatch.SkippedRow;
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

  double value(int row, int feature) {
    return values[row * features.size() + feature];
  }
}
