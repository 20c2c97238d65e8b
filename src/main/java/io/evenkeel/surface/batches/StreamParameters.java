package io.evenkeel.surface.batches;

import io.evenkeel.codec.BatchFormat;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.time.Duration;
import java.util.Optional;

/// The query parameters of a stream of batches.
///
/// @param rows of each batch
/// @param least the fewest rows of the last batch; fewer rows join the batch before
/// @param patience how long rows may wait until there are enough for a batch; empty for no limit
/// @param control whether the answer has a control line for each training batch
record StreamParameters(int rows, int least, Optional<Duration> patience, boolean control) {
  private static final int ROWS = 256;
  private static final int PATIENCE_MILLIS = 50;
  private static final int MOST_PATIENCE_MILLIS = 60_000;

  /// The parameters of a stream; empty if the request is none. NDJSON is a stream, and so is a body
  /// with batchRows.
  ///
  /// @throws BadParameter if the request is no stream but has such a parameter, or if a number is
  ///   out of range
  static Optional<StreamParameters> of(
      BatchFormat format,
      NormalizerDefinition definition,
      Mode mode,
      Optional<Integer> batchRows,
      Optional<Integer> batchMillis,
      Optional<Boolean> control) {
    if (format != BatchFormat.NDJSON && batchRows.isEmpty()) {
      if (batchMillis.isPresent() || control.isPresent()) {
        throw new BadParameter("'batchMillis' and 'control' go with streams only.");
      }
      return Optional.empty();
    }
    boolean training = mode == Mode.TRAINING;
    if (batchMillis.isPresent() && training) {
      throw new BadParameter("'batchMillis' goes with mode=inference only.");
    }
    int rows = batchRows.orElse(Math.max(ROWS, training ? definition.minimumBatchRows() : 1));
    int least = training && definition.minimumBatchRows() > 1 ? definition.minimumBatchRows() : 0;
    if (rows < 1 || rows < least) {
      throw new BadParameter(
          "'batchRows' is " + rows + "; it must be at least " + Math.max(1, least) + ".");
    }
    int millis = batchMillis.orElse(PATIENCE_MILLIS);
    if (millis < 1 || millis > MOST_PATIENCE_MILLIS) {
      throw new BadParameter(
          "'batchMillis' is " + millis + "; it must be 1 to " + MOST_PATIENCE_MILLIS + ".");
    }
    return Optional.of(
        new StreamParameters(
            rows,
            least,
            training ? Optional.empty() : Optional.of(Duration.ofMillis(millis)),
            control.orElse(true)));
  }
}
