package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.DefinitionChanged;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.NotTrained;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.util.Optional;
import java.util.OptionalLong;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Normalises valid batches. In training it takes the moments of a batch, appends them to the log,
/// and normalises the batch by the statistics in the log's answer.
///
/// ```
/// training:  moments -> log.append(Observed) -> Outcome (durable, folded) -> normalise
/// inference: normalise by the state in memory; the log is not touched
/// ```
///
/// [Compute] chooses the thread.
public final class NormalizationService {
  private static final int MOST_ATTEMPTS = 100;

  private final NormalizerLog log;
  private final Normalizers normalizers;
  private final BatchListeners listeners;
  private final TrainedRows trained;
  private final Turns turns;
  private final RowByRowTraining rowByRow;
  private final Compute compute;

  /// @param compute has as many threads as there are cores, and never blocks
  public NormalizationService(
      NormalizerLog log,
      BatchListeners listeners,
      SaturationMonitor saturation,
      Scheduler compute) {
    this.log = log;
    this.listeners = listeners;
    this.compute = new Compute(compute);
    normalizers = new Normalizers(log);
    trained = new TrainedRows(listeners, saturation);
    turns = new Turns(compute);
    rowByRow = new RowByRowTraining(log, this.compute, trained, turns);
  }

  /// Normalises a batch `[N × D]` by the running statistics of a model; moves nothing.
  ///
  /// Fails with [NotTrained] if the model refuses features without a value, unless the batch is
  /// empty. Fails with [InvalidInput] (`overflow`) if a normalised value is not finite.
  public Mono<NormalizedRows> infer(NormalizerName name, Model model, AskedBatch batch) {
    if (batch.values().rows() > 0) {
      model.requireTrained(name);
    }
    return compute.on(
        batch.values(),
        x -> listeners.aroundInference(name, model, x, () -> inferred(model, batch)));
  }

  private static NormalizedRows inferred(Model model, AskedBatch batch) {
    double[] rows = ForwardPass.ofInference(model, batch);
    return new NormalizedRows(BatchOutcome.NONE, model.version(), OptionalLong.empty(), rows);
  }

  /// Counts a training batch `[N × D]` and normalises it by the definition that is in force when
  /// the batch is counted.
  ///
  /// Fails with what the fold refuses.
  ///
  /// @param normalizer the state that the request began with. The batch is refused if the name was
  ///   created anew since
  /// @param windowId the client's id of the batch's window, if it sent one
  public Mono<NormalizedRows> train(
      Normalizer normalizer,
      OfferedBatch batch,
      Envelope envelope,
      boolean rejectFrozen,
      Optional<String> windowId) {
    return train(normalizer, batch, envelope, rejectFrozen, windowId, 1);
  }

  private Mono<NormalizedRows> train(
      Normalizer earlier,
      OfferedBatch offered,
      Envelope envelope,
      boolean rejectFrozen,
      Optional<String> windowId,
      int attempt) {
    return Mono.defer(
            () -> {
              Normalizer normalizer = normalizers.now(earlier);
              AskedBatch batch = offered.admittedBy(normalizer.definition());
              return normalizer.definition().training().entersRowByRow()
                  ? rowByRow.train(normalizer, batch, offered, envelope, rejectFrozen)
                  : trainWhole(normalizer, batch, envelope, rejectFrozen, windowId);
            })
        .onErrorResume(
            DefinitionChanged.class,
            _ ->
                attempt == MOST_ATTEMPTS
                    ? Mono.error(new Overloaded())
                    : train(earlier, offered, envelope, rejectFrozen, windowId, attempt + 1));
  }

  private Mono<NormalizedRows> trainWhole(
      Normalizer normalizer,
      AskedBatch batch,
      Envelope envelope,
      boolean rejectFrozen,
      Optional<String> windowId) {
    return compute
        .on(batch.values())
        .flatMap(x -> {
          BatchMoments moments = Work.of(() -> BatchMoments.of(x));
          FeatureRange answered = FeatureRange.of(x, moments.moments(), batch.answered());
          Mono<Outcome> outcome =
              append(normalizer, moments, Optional.of(answered), envelope, rejectFrozen, windowId);
          return compute
              .after(outcome, x)
              .map(done -> Work.of(() -> trained.of(done, normalizer.name(), batch, moments)));
        });
  }

  /// Counts the moments of rows that are not answered.
  ///
  /// Fails with what the fold refuses, and with [DefinitionChanged] if the definition in force
  /// admits other rows by now: the rows cannot be checked again.
  ///
  /// @param normalizer the state whose definition validated all of the rows
  /// @param windowId the client's id of the rows' window, if it sent one
  public Mono<Observation> observe(
      Normalizer normalizer,
      BatchMoments moments,
      Envelope envelope,
      boolean rejectFrozen,
      Optional<String> windowId) {
    Mono<Outcome> outcome =
        append(normalizer, moments, Optional.empty(), envelope, rejectFrozen, windowId);
    return inTurn(normalizer, outcome)
        .map(NormalizationService::observed)
        .doOnNext(seen ->
            listeners.onBatch(normalizer.name(), Mode.TRAINING, seen.outcome(), moments.rows()));
  }

  /// Rows that enter one by one let those go first that wait to be the only ones.
  private Mono<Outcome> inTurn(Normalizer normalizer, Mono<Outcome> outcome) {
    return normalizer.definition().training().entersRowByRow()
        ? turns.together(normalizer.name(), outcome)
        : outcome;
  }

  private static Observation observed(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Applied(_, var after) ->
          new Observation(BatchOutcome.APPLIED, after.version(), OptionalLong.empty());
      case Outcome.Duplicate(var now, var applied) ->
          new Observation(BatchOutcome.DUPLICATE, now.version(), OptionalLong.of(applied));
      case Outcome.Frozen(var now) ->
          new Observation(BatchOutcome.FROZEN, now.version(), OptionalLong.empty());
      case Outcome.Refused(var problem) -> throw problem;
      case Outcome.Created _, Outcome.Exists _, Outcome.Deleted _, Outcome.Unchanged _ ->
          throw new IllegalStateException("not an outcome of a batch: " + outcome);
    };
  }

  private Mono<Outcome> append(
      Normalizer normalizer,
      BatchMoments moments,
      Optional<FeatureRange> answered,
      Envelope envelope,
      boolean rejectFrozen,
      Optional<String> windowId) {
    var event =
        new NormalizerEvent.Observed(
            envelope.forIncarnation(normalizer.revision().incarnation()),
            moments,
            answered,
            rejectFrozen,
            windowId,
            Optional.of(normalizer.definition()));
    return log.append(event);
  }
}
