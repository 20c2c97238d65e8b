package io.evenkeel.surface.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.codec.BatchFormat;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalization.Mode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How a stream is cut into batches where its request does not say.
class StreamParametersTest {
  private static Optional<StreamParameters> silent(BatchFormat format, Mode mode) {
    return StreamParameters.of(
        format, Asking.definition(), mode, Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Test
  void linesAreBatchesOf256Rows() {
    assertThat(silent(BatchFormat.NDJSON, Mode.TRAINING))
        .contains(new StreamParameters(256, 0, Optional.empty(), true));
  }

  @Test
  void atInferenceRowsWaitFor50MillisecondsAtMost() {
    assertThat(silent(BatchFormat.NDJSON, Mode.INFERENCE))
        .contains(new StreamParameters(256, 0, Optional.of(Duration.ofMillis(50)), true));
  }

  @Test
  void otherBodiesAreOneBatch() {
    assertThat(silent(BatchFormat.CSV, Mode.INFERENCE)).isEmpty();
  }
}
