package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizerName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// All listeners as one. An exception of a listener goes to `failure`; the batch and the other
/// listeners go on.
///
/// A batch whose values nobody wants costs two calls of each listener.
public final class BatchListeners implements BatchListener {
  private final BatchListener[] listeners;
  private final Consumer<RuntimeException> failure;

  /// @param failure takes what listeners throw
  public BatchListeners(List<BatchListener> listeners, Consumer<RuntimeException> failure) {
    this.listeners = listeners.toArray(BatchListener[]::new);
    this.failure = failure;
  }

  /// Normalises a batch while the listeners hear of it: they read its values before, and hear
  /// afterwards that it was answered. If normalising fails they hear nothing more of it here.
  NormalizedRows around(
      NormalizerName name, Mode mode, FeatureBatch values, Supplier<NormalizedRows> normalising) {
    return around(onValues(name, mode, values), name, mode, values, normalising);
  }

  /// The same for an inference batch.
  NormalizedRows aroundInference(
      NormalizerName name, Model model, FeatureBatch values, Supplier<NormalizedRows> normalising) {
    return around(onInference(name, model, values), name, Mode.INFERENCE, values, normalising);
  }

  private NormalizedRows around(
      Optional<Reading> reading,
      NormalizerName name,
      Mode mode,
      FeatureBatch values,
      Supplier<NormalizedRows> normalising) {
    NormalizedRows rows = normalising.get();
    onBatch(name, mode, rows.outcome(), values.rows());
    reading.ifPresent(read -> read.answered(rows.outcome()));
    return rows;
  }

  /// Tells the listeners of a counted batch that a guard reports.
  ///
  /// @param features how many features of it are suspicious; nobody hears of 0
  /// @return the same number
  int reported(NormalizerName name, int features) {
    if (features > 0) {
      onReported(name, features);
    }
    return features;
  }

  @Override
  public Optional<Reading> onValues(NormalizerName name, Mode mode, FeatureBatch values) {
    return read(listener -> listener.onValues(name, mode, values));
  }

  @Override
  public Optional<Reading> onInference(NormalizerName name, Model model, FeatureBatch values) {
    return read(listener -> listener.onInference(name, model, values));
  }

  private Optional<Reading> read(Function<BatchListener, Optional<Reading>> call) {
    List<Reading> readings = List.of();
    for (BatchListener listener : listeners) {
      try {
        Optional<Reading> reading = call.apply(listener);
        if (reading.isPresent()) {
          readings = readings.isEmpty() ? new ArrayList<>(listeners.length) : readings;
          readings.add(reading.get());
        }
      } catch (RuntimeException e) {
        failure.accept(e);
      }
    }
    return readings.isEmpty() ? Optional.empty() : Optional.of(all(readings));
  }

  private Reading all(List<Reading> readings) {
    return outcome -> readings.forEach(reading -> guarded(() -> reading.answered(outcome)));
  }

  @Override
  public void onBatch(NormalizerName name, Mode mode, BatchOutcome outcome, long rows) {
    for (BatchListener listener : listeners) {
      guarded(() -> listener.onBatch(name, mode, outcome, rows));
    }
  }

  @Override
  public void onReported(NormalizerName name, int features) {
    for (BatchListener listener : listeners) {
      guarded(() -> listener.onReported(name, features));
    }
  }

  @Override
  public void onRefused(NormalizerName name, Mode mode, String reason) {
    for (BatchListener listener : listeners) {
      guarded(() -> listener.onRefused(name, mode, reason));
    }
  }

  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      failure.accept(e);
    }
  }
}
