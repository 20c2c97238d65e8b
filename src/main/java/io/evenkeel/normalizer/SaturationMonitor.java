package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Saturation;
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

  private record Watched(long incarnation, Saturation saturation) {
    boolean isOf(Normalizer normalizer) {
      return incarnation == normalizer.revision().incarnation()
          && saturation.activation() == normalizer.definition().rules().activation();
    }
  }

  /// With the log that knows which normalizers there are.
  public SaturationMonitor(NormalizerLog log) {
    this.log = log;
  }

  /// A training batch was applied and answered by these rows `[N × D]`.
  void onTrained(Normalizer normalizer, double[] rows) {
    Activation activation = normalizer.definition().rules().activation();
    if (activation == Activation.NONE) {
      return;
    }
    int features = normalizer.definition().features().size();
    watched.compute(
        normalizer.name(),
        (_, before) -> {
          Saturation saturation =
              before != null && before.isOf(normalizer)
                  ? before.saturation
                  : Saturation.none(activation, features);
          return new Watched(
              normalizer.revision().incarnation(), saturation.after(rows, rows.length / features));
        });
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
