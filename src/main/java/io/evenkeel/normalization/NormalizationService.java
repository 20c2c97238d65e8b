package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.DefinitionChanged;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.NotTrained;
import io.evenkeel.normalizer.NormalizationException.OutOfTurn;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizationException.RowsUnproven;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
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
  private final BatchTraces traces;

  /// @param compute has as many threads as there are cores, and never blocks
  public NormalizationService(
      NormalizerLog log,
      BatchListeners listeners,
      SaturationMonitor saturation,
      Scheduler compute,
      BatchTraces traces) {
    this.log = log;
    this.traces = traces;
    this.listeners = listeners;
    this.compute = new Compute(compute);
    normalizers = new Normalizers(log);
    trained = new TrainedRows(listeners, saturation);
    turns = new Turns(compute);
    rowByRow = new RowByRowTraining(log, this.compute, trained, turns, traces);
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
    return new NormalizedRows(
        BatchOutcome.NONE,
        model.version(),
        OptionalLong.empty(),
        ForwardPass.ofInference(model, batch));
  }

  /// Counts a training batch `[N × D]` and normalises it by the definition that is in force when
  /// the batch is counted.
  ///
  /// Fails with what the fold refuses.
  ///
  /// @param normalizer the state that the request began with. The batch is refused if the name was
  ///   created anew since
  public Mono<NormalizedRows> train(
      Normalizer normalizer, OfferedBatch batch, Envelope envelope, Terms terms) {
    return train(normalizer, batch, envelope, terms, 1);
  }

  private Mono<NormalizedRows> train(
      Normalizer earlier, OfferedBatch offered, Envelope envelope, Terms terms, int attempt) {
    return Mono.defer(
            () -> {
              Normalizer normalizer = normalizers.now(earlier);
              AskedBatch batch = offered.admittedBy(normalizer.definition());
              return normalizer.definition().training().entersRowByRow()
                  ? rowByRow.train(normalizer, batch, offered, envelope, terms)
                  : whole(normalizer, batch, envelope, terms).flatMap(Function.identity());
            })
        .onErrorResume(
            DefinitionChanged.class,
            _ ->
                attempt == MOST_ATTEMPTS
                    ? Mono.error(new Overloaded())
                    : train(earlier, offered, envelope, terms, attempt + 1));
  }

  /// Trains in two steps, once and no more: the first admits the batch and takes its moments, the
  /// second counts and normalises it. The event is appended to the log while the second step is
  /// being subscribed to, unless the batch must wait for its turn.
  ///
  /// Fails with what the fold refuses, and with [DefinitionChanged], [RowsUnproven] or [OutOfTurn]
  /// if the batch may count on another attempt.
  public Mono<Mono<NormalizedRows>> prepare(
      Normalizer earlier, OfferedBatch offered, Envelope envelope, Terms terms) {
    return Mono.defer(() -> {
      Normalizer normalizer = normalizers.now(earlier);
      AskedBatch batch = offered.admittedBy(normalizer.definition());
      return normalizer.definition().training().entersRowByRow()
          ? rowByRow.prepare(normalizer, batch, envelope, terms)
          : whole(normalizer, batch, envelope, terms);
    });
  }

  private Mono<Mono<NormalizedRows>> whole(
      Normalizer normalizer, AskedBatch batch, Envelope envelope, Terms terms) {
    return compute
        .on(batch.values())
        .map(x -> {
          BatchMoments moments = Work.of(() -> BatchMoments.of(x));
          FeatureRange answered = FeatureRange.of(x, moments.moments(), batch.answered());
          Mono<Outcome> outcome =
              append(normalizer, moments, Optional.of(answered), envelope, terms);
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
  public Mono<Observation> observe(
      Normalizer normalizer, BatchMoments moments, Envelope envelope, Terms terms) {
    Mono<Outcome> outcome = append(normalizer, moments, Optional.empty(), envelope, terms);
    return inTurn(normalizer, outcome)
        .map(done -> observed(done, moments))
        .doOnNext(seen ->
            listeners.onBatch(normalizer.name(), Mode.TRAINING, seen.outcome(), moments.rows()));
  }

  /// Rows that enter one by one let those go first that wait to be the only ones.
  private Mono<Outcome> inTurn(Normalizer normalizer, Mono<Outcome> outcome) {
    return normalizer.definition().training().entersRowByRow()
        ? turns.together(normalizer.name(), outcome)
        : outcome;
  }

  private Observation observed(Outcome outcome, BatchMoments moments) {
    return switch (outcome) {
      case Outcome.Applied applied ->
          new Observation(
              BatchOutcome.APPLIED,
              applied.after().version(),
              OptionalLong.empty(),
              listeners.reported(applied.after().name(), applied.reported(moments)));
      case Outcome.Duplicate(var now, var applied) ->
          new Observation(BatchOutcome.DUPLICATE, now.version(), OptionalLong.of(applied), 0);
      case Outcome.Frozen(var now) ->
          new Observation(BatchOutcome.FROZEN, now.version(), OptionalLong.empty(), 0);
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
      Terms terms) {
    var event =
        new NormalizerEvent.Observed(
            envelope.forIncarnation(normalizer.revision().incarnation()),
            moments,
            answered,
            terms.rejectFrozen(),
            terms.windowId(),
            Optional.of(normalizer.definition()),
            terms.guarded());
    return traces.step(BatchTraces.Step.APPEND, log.append(event));
  }
}
