package io.evenkeel.normalization;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Saturation;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Looks at what normalizers with an activation answer to training batches, on this replica and
/// since its start: it needs the rows, which no log carries.
///
/// Holds two numbers a feature of each normalizer that has an activation and was trained; those of
/// deleted ones go when as many again have come.
public final class SaturationMonitor {
  private static final int FEW = 1024;

  private final NormalizerLog log;
  private final Map<NormalizerName, Watched> watched = new ConcurrentHashMap<>();
  private volatile int sweepAt = FEW;

  /// @param version of the latest state that was looked at
  /// @param batches of that state
  private record Watched(long incarnation, long version, long batches, Saturation saturation) {

    /// Whether what was seen is of the statistics that this state has: fewer batches in a later
    /// version mean that they began anew.
    boolean isOf(Normalizer state) {
      return isSame(state) && (state.version() <= version || state.batches() >= batches);
    }

    /// The same where the state is one that its batch has just made, so that there is one more.
    boolean goesOnTo(Normalizer state) {
      return isSame(state) && (state.version() <= version || state.batches() > batches);
    }

    private boolean isSame(Normalizer state) {
      return incarnation == state.revision().incarnation()
          && saturation.activation() == state.definition().rules().activation();
    }

    /// With the answers of one batch more; batches may come out of order.
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

  /// With the log that knows which normalizers there are.
  public SaturationMonitor(NormalizerLog log) {
    this.log = log;
  }

  /// A training batch was applied and answered by these rows `[N × D]`.
  ///
  /// @param made the state that it made
  void onTrained(Normalizer made, double[] rows) {
    Activation activation = made.definition().rules().activation();
    if (activation == Activation.NONE) {
      return;
    }
    Saturation batch = Saturation.of(activation, rows, made.running().features());
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

  /// What was seen of a normalizer; empty where it has no activation or was not trained here.
  public Optional<Saturation> of(Normalizer normalizer) {
    return Optional.ofNullable(watched.get(normalizer.name()))
        .filter(w -> w.isOf(normalizer))
        .map(Watched::saturation);
  }
}
