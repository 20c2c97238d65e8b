package io.evenkeel.http.body;

import io.evenkeel.fault.Wire;
import io.evenkeel.http.problem.Problems;
import io.evenkeel.normalization.BatchListener;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizerName;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/// Tells the listener of batches which of them were refused, and why. Where the client went away,
/// nobody refused its batch.
@Component
public final class RefusedBatches {
  private final BatchListener listener;

  RefusedBatches(BatchListener listener) {
    this.listener = listener;
  }

  /// Takes the errors of requests that send a batch.
  public Consumer<Throwable> of(NormalizerName name, Mode mode) {
    return error -> {
      if (!Problems.isClientGone(error)) {
        listener.onRefused(name, mode, Wire.word(Problems.typeOf(error)));
      }
    };
  }
}
