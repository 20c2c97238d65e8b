package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.util.OptionalLong;
import java.util.function.Function;

/// Normalises a training batch by what the log has decided on it.
final class TrainedRows {
  private final BatchListeners listeners;
  private final SaturationMonitor saturation;

  TrainedRows(BatchListeners listeners, SaturationMonitor saturation) {
    this.listeners = listeners;
    this.saturation = saturation;
  }

  /// The rows of a batch that entered as a whole; overwrites the values of one that was applied.
  NormalizedRows of(Outcome outcome, NormalizerName name, AskedBatch batch, BatchMoments moments) {
    return of(
        outcome,
        name,
        batch,
        moments,
        applied ->
            RowsToCome.inPlace(
                applied.before().training(moments, applied.after()), batch.values()));
  }

  /// The rows of a batch.
  ///
  /// @param rows those of a batch that was applied
  NormalizedRows of(
      Outcome outcome,
      NormalizerName name,
      AskedBatch batch,
      BatchMoments moments,
      Function<Outcome.Applied, RowsToCome> rows) {
    if (outcome instanceof Outcome.Refused(var problem)) {
      throw problem;
    }
    return listeners.around(
        name, Mode.TRAINING, batch.values(), () -> normalized(outcome, batch, moments, rows));
  }

  private NormalizedRows normalized(
      Outcome outcome,
      AskedBatch batch,
      BatchMoments moments,
      Function<Outcome.Applied, RowsToCome> rows) {
    return switch (outcome) {
      case Outcome.Applied applied -> {
        RowsToCome made = rows.apply(applied);
        saturation.onTrained(applied.after(), made);
        yield new NormalizedRows(
            BatchOutcome.APPLIED,
            applied.after().version(),
            OptionalLong.empty(),
            listeners.reported(applied.after().name(), applied.reported(moments)),
            made);
      }
      case Outcome.Duplicate(var now, var first) ->
          new NormalizedRows(
              BatchOutcome.DUPLICATE,
              now.version(),
              OptionalLong.of(first),
              RowsToCome.made(ForwardPass.beside(now.training(moments, now), batch)));
      case Outcome.Frozen(var now) -> {
        Model model = now.live();
        model.requireTrained(now.name());
        yield new NormalizedRows(
            BatchOutcome.FROZEN,
            now.version(),
            OptionalLong.empty(),
            RowsToCome.made(ForwardPass.beside(model.normalization(), batch)));
      }
      case Outcome.Refused _,
          Outcome.Created _,
          Outcome.Exists _,
          Outcome.Deleted _,
          Outcome.Unchanged _ ->
          throw new IllegalStateException("not an outcome of a batch: " + outcome);
    };
  }
}
