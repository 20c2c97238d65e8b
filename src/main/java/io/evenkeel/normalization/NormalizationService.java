package io.evenkeel.normalization;

import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.RowByRow;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.DefinitionChanged;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizationException.UnknownNormalizer;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.util.Optional;
import java.util.OptionalLong;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Normalises valid batches: takes their moments, has them logged, and normalises by what the log
/// answers.
///
/// ```
/// training:  moments -> log.append(Observed) -> Outcome (durable, folded) -> normalise
/// inference: normalise by the state in memory; the log is not touched
/// ```
///
/// Batches above [Compute#LARGE] numbers are worked on by the compute scheduler; smaller ones by
/// the thread that brings them, since handing them over would cost more.
public final class NormalizationService {
  private static final int MOST_ATTEMPTS = 100;

  private final NormalizerLog log;
  private final BatchListener listener;
  private final SaturationMonitor saturation;
  private final Compute compute;

  /// @param compute has as many threads as there are cores, and never blocks
  public NormalizationService(
      NormalizerLog log, BatchListener listener, SaturationMonitor saturation, Scheduler compute) {
    this.log = log;
    this.listener = listener;
    this.saturation = saturation;
    this.compute = new Compute(compute);
  }

  /// The present state of a name.
  ///
  /// @throws UnknownNormalizer if there is none
  public Normalizer get(NormalizerName name) {
    return log.find(name).orElseThrow(() -> new UnknownNormalizer(name));
  }

  /// Normalises a batch `[N × D]` by the running statistics of a model; moves nothing.
  ///
  /// Fails with [InvalidInput] (`overflow`) if a value would not be finite.
  public Mono<NormalizedRows> infer(NormalizerName name, Model model, AskedBatch batch) {
    return compute
        .on(
            batch.values(),
            x -> rows(model, BatchOutcome.NONE, finite(batch, inPlace(model.normalization(), x))))
        .doOnNext(rows -> tell(name, Mode.INFERENCE, rows.outcome(), batch.values().rows()));
  }

  /// The state of a name now, for what began in an earlier one.
  ///
  /// @throws UnknownNormalizer if the normalizer is gone
  /// @throws VersionMismatch if the name was created anew
  public Normalizer now(Normalizer earlier) {
    Normalizer now = get(earlier.name());
    if (now.revision().incarnation() != earlier.revision().incarnation()) {
      throw VersionMismatch.recreated(earlier.name());
    }
    return now;
  }

  /// Counts a training batch `[N × D]` and normalises it, by the definition that is in force when
  /// it is counted.
  ///
  /// Fails with what the fold refuses.
  ///
  /// @param normalizer the state that the request began with; another creation of the name refuses
  ///   the batch
  /// @param windowId the client's id of the window that the batch belongs to, if it says
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
              Normalizer normalizer = now(earlier);
              AskedBatch batch = offered.admittedBy(normalizer.definition());
              Mono<NormalizedRows> trained =
                  entersRowByRow(normalizer)
                      ? trainRowByRow(normalizer, batch, envelope, rejectFrozen)
                      : trainWhole(normalizer, batch, envelope, rejectFrozen, windowId);
              return trained.doOnNext(rows ->
                  tell(normalizer.name(), Mode.TRAINING, rows.outcome(), batch.values().rows()));
            })
        .onErrorResume(
            error -> isOvertaken(error, earlier, envelope),
            _ ->
                attempt == MOST_ATTEMPTS
                    ? Mono.error(new Overloaded())
                    : train(earlier, offered, envelope, rejectFrozen, windowId, attempt + 1));
  }

  /// Whether the batch was made for a state that is no longer the present one, so that it has to be
  /// made anew; not where the client's own condition excludes the present one.
  private boolean isOvertaken(Throwable error, Normalizer earlier, Envelope envelope) {
    return switch (error) {
      case DefinitionChanged _ -> true;
      case VersionMismatch moved ->
          moved.isPrecondition() && envelope.expects(now(earlier).revision());
      default -> false;
    };
  }

  private static boolean entersRowByRow(Normalizer normalizer) {
    return normalizer.definition().training() instanceof Training.Running running
        && running.per() == Training.Running.Per.ROW;
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
              .map(done -> Work.of(() -> trained(done, batch, moments)));
        });
  }

  private NormalizedRows applied(Normalizer after, double[] rows) {
    saturation.onTrained(after, rows);
    return new NormalizedRows(BatchOutcome.APPLIED, after.version(), OptionalLong.empty(), rows);
  }

  private NormalizedRows trained(Outcome outcome, AskedBatch batch, BatchMoments moments) {
    return switch (outcome) {
      case Outcome.Applied(var before, var after) ->
          applied(after, inPlace(before.training(moments, after), batch.values()));
      case Outcome.Duplicate(var now, var applied) ->
          new NormalizedRows(
              BatchOutcome.DUPLICATE,
              now.version(),
              OptionalLong.of(applied),
              beside(now.training(moments, now), batch));
      case Outcome.Frozen(var now) ->
          rows(now.live(), BatchOutcome.FROZEN, beside(now.live().normalization(), batch));
      case Outcome.Refused(var problem) -> throw problem;
      case Outcome.Created _, Outcome.Exists _, Outcome.Deleted _, Outcome.Unchanged _ ->
          throw new IllegalStateException("not an outcome of a batch: " + outcome);
    };
  }

  /// The rows depend on the state before them in a way the fold cannot look into, so they are made
  /// first and counted only if that state is still the present one.
  private Mono<NormalizedRows> trainRowByRow(
      Normalizer normalizer, AskedBatch batch, Envelope envelope, boolean rejectFrozen) {
    return compute
        .on(batch.values())
        .flatMap(x -> {
          double[] rows = Work.of(() -> rowByRow(normalizer, batch));
          BatchMoments moments = RowByRow.momentsOf(x, normalizer.definition().averaging());
          var event =
              new NormalizerEvent.Observed(
                  envelope.expects(normalizer.revision())
                      ? envelope.forRevision(normalizer.revision())
                      : envelope.forNoRevision(normalizer.revision().incarnation()),
                  moments,
                  Optional.empty(),
                  rejectFrozen,
                  Optional.empty(),
                  Optional.of(normalizer.definition()));
          return compute
              .after(log.append(event), x)
              .map(outcome ->
                  outcome instanceof Outcome.Applied(_, var after)
                      ? applied(after, rows)
                      : trained(outcome, batch, moments));
        });
  }

  private static double[] rowByRow(Normalizer normalizer, AskedBatch batch) {
    if (normalizer.isFrozen()) {
      return beside(normalizer.live().normalization(), batch);
    }
    if (!(normalizer.definition().training() instanceof Training.Running running)
        || !(normalizer.running() instanceof PooledStatistics pooled)) {
      throw new IllegalStateException("rows enter one by one into pooled statistics only");
    }
    double[] rows =
        RowByRow.normalize(
            batch.values(),
            pooled,
            running.order(),
            normalizer.affine(),
            normalizer.definition().rules());
    return finite(batch, rows);
  }

  /// Counts moments of rows that are not to be answered.
  ///
  /// Fails with what the fold refuses, and with [DefinitionChanged] where the definition in force
  /// admits other rows by now: the moments do not tell which.
  ///
  /// @param normalizer the state by whose definition all of the rows were validated
  /// @param windowId the client's id of the window that they belong to, if it says
  public Mono<Observation> observe(
      Normalizer normalizer,
      BatchMoments moments,
      Envelope envelope,
      boolean rejectFrozen,
      Optional<String> windowId) {
    return append(normalizer, moments, Optional.empty(), envelope, rejectFrozen, windowId)
        .map(NormalizationService::observed)
        .doOnNext(seen -> tell(normalizer.name(), Mode.TRAINING, seen.outcome(), moments.rows()));
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

  private static NormalizedRows rows(Model model, BatchOutcome outcome, double[] rows) {
    return new NormalizedRows(outcome, model.version(), OptionalLong.empty(), rows);
  }

  /// The normalised rows in the place of the values, where nothing more has to be known of them:
  /// the array need not be allocated and cleared. Only for a batch whose fate is decided, since
  /// what fails after this cannot be tried again.
  private static double[] inPlace(Normalization normalization, FeatureBatch x) {
    int size = x.rows() * x.features();
    double[] y = x.values().length == size && !x.hasMissing() ? x.values() : new double[size];
    normalization.apply(x.values(), y, x.rows());
    return y;
  }

  /// The normalised rows beside the values, which stay; all of them finite.
  private static double[] beside(Normalization normalization, AskedBatch batch) {
    FeatureBatch x = batch.values();
    double[] y = new double[x.rows() * x.features()];
    normalization.apply(x.values(), y, x.rows());
    return finite(batch, y);
  }

  private static double[] finite(AskedBatch batch, double[] y) {
    FiniteRows.require(batch, y, "The normalised value");
    return y;
  }

  private void tell(NormalizerName name, Mode mode, BatchOutcome outcome, long rows) {
    listener.onBatch(name, mode, outcome, rows);
  }
}
