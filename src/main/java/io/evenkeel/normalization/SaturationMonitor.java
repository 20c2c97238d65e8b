package io.evenkeel.normalization;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Saturation;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Measures the saturation of normalizers with an activation, from the rows they answer to training
/// batches. The log carries no rows, so it covers this replica since its start.
///
/// Holds two numbers a feature for each normalizer that has an activation and was trained. Those of
/// deleted normalizers go when the number of entries has doubled.
public final class SaturationMonitor {
  private static final int FEW = 1024;

  private final NormalizerLog log;
  private final Map<NormalizerName, Watched> watched = new ConcurrentHashMap<>();
  private volatile int sweepAt = FEW;

  /// @param version of the latest state that was measured
  /// @param batches of that state
  private record Watched(long incarnation, long version, long batches, Saturation saturation) {

    /// Whether the measurement belongs to the statistics of this state. Fewer batches in a later
    /// version mean that the statistics began anew.
    boolean isOf(Normalizer state) {
      return isSame(state) && (state.version() <= version || state.batches() >= batches);
    }

    /// The same for a state that a batch has just made, which has one batch more.
    boolean goesOnTo(Normalizer state) {
      return isSame(state) && (state.version() <= version || state.batches() > batches);
    }

    private boolean isSame(Normalizer state) {
      return incarnation == state.revision().incarnation()
          && saturation.features() == state.running().features()
          && saturation.activation() == state.definition().rules().activation();
    }

    /// Adds the answers of a batch; batches may come out of order.
    Watched after(Normalizer state, Saturation batch) {
      Saturation next = saturation.then(batch);
      return state.version() < version
          ? new Watched(incarnation, version, batches, next)
          : of(state, next);
    }

    static Watched of(Normalizer state, Saturation saturation) {
      return new Watched(
          state.revision().incarnation(), state.version(), state.batches(), saturation);
    }
  }

  /// @param log knows which normalizers exist
  public SaturationMonitor(NormalizerLog log) {
    this.log = log;
  }

  /// Takes in the rows `[N × D]` that answered a training batch.
  ///
  /// @param made the state that the batch made
  void onTrained(Normalizer made, RowsToCome rows) {
    Activation activation = made.definition().rules().activation();
    if (activation == Activation.NONE) {
      return;
    }
    Saturation batch = Saturation.of(activation, rows.all(), made.running().features());
    watched.compute(
        made.name(),
        (_, before) ->
            before != null && before.goesOnTo(made)
                ? before.after(made, batch)
                : Watched.of(made, batch));
    if (watched.size() > sweepAt) {
      watched.keySet().removeIf(name -> log.find(name).isEmpty());
      sweepAt = Math.max(FEW, 2 * watched.size());
    }
  }

  /// The saturation of a normalizer; empty if it has no activation or was not trained here.
  public Optional<Saturation> of(Normalizer normalizer) {
    return Optional.ofNullable(watched.get(normalizer.name()))
        .filter(w -> w.isOf(normalizer))
        .map(Watched::saturation);
  }
}
