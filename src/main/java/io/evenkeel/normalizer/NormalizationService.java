package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.BatchMoments;
import io.evenkeel.batchnorm.FeatureBatch;
import io.evenkeel.batchnorm.FeatureRange;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.PooledStatistics;
import io.evenkeel.batchnorm.RowByRow;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.NormalizationException.UnknownNormalizer;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
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
/// Batches above [#LARGE] numbers are worked on by the compute scheduler; smaller ones by the
/// thread that brings them, since handing them over would cost more.
public final class NormalizationService {
  /// From how many numbers on a batch leaves the thread that brings it.
  static final int LARGE = 1 << 14;

  private static final int MOST_ATTEMPTS = 100;

  private final NormalizerLog log;
  private final BatchListener listener;
  private final Scheduler compute;

  /// @param compute has as many threads as there are cores, and never blocks
  public NormalizationService(NormalizerLog log, BatchListener listener, Scheduler compute) {
    this.log = log;
    this.listener = listener;
    this.compute = compute;
  }

  /// The present state of a name.
  ///
  /// @throws UnknownNormalizer if there is none
  public Normalizer get(NormalizerName name) {
    return log.find(name).orElseThrow(() -> new UnknownNormalizer(name));
  }

  /// Normalises a batch `[N × D]` by the running statistics of a state; moves nothing.
  ///
  /// Fails with [InvalidInput] (`overflow`) if a value would not be finite.
  public Mono<NormalizedRows> infer(Normalizer normalizer, FeatureBatch batch) {
    return onCompute(batch)
        .map(x -> rows(normalizer.inference(), x, normalizer, BatchOutcome.NONE))
        .doOnNext(rows -> tell(normalizer, Mode.INFERENCE, rows.outcome(), batch.rows()));
  }

  /// Counts a training batch `[N × D]` and normalises it.
  ///
  /// Fails with what the fold refuses.
  ///
  /// @param normalizer the state that the batch was validated against
  /// @param envelope whose incarnation will be that state's
  public Mono<NormalizedRows> train(
      Normalizer normalizer, FeatureBatch batch, Envelope envelope, boolean rejectFrozen) {
    Mono<NormalizedRows> trained =
        entersRowByRow(normalizer)
            ? trainRowByRow(normalizer, batch, envelope, rejectFrozen, 1)
            : trainWhole(normalizer, batch, envelope, rejectFrozen);
    return trained.doOnNext(rows -> tell(normalizer, Mode.TRAINING, rows.outcome(), batch.rows()));
  }

  private static boolean entersRowByRow(Normalizer normalizer) {
    return normalizer.definition().training() instanceof Training.Running running
        && running.per() == Training.Running.Per.ROW;
  }

  private Mono<NormalizedRows> trainWhole(
      Normalizer normalizer, FeatureBatch batch, Envelope envelope, boolean rejectFrozen) {
    return onCompute(batch)
        .flatMap(x -> {
          BatchMoments moments = BatchMoments.of(x);
          FeatureRange answered = FeatureRange.of(x, moments.moments());
          Mono<Outcome> outcome =
              append(normalizer, moments, Optional.of(answered), envelope, rejectFrozen);
          return onCompute(outcome, x).map(done -> trained(done, x, moments));
        });
  }

  private NormalizedRows trained(Outcome outcome, FeatureBatch x, BatchMoments moments) {
    return switch (outcome) {
      case Outcome.Applied(var before, var after) ->
          new NormalizedRows(
              BatchOutcome.APPLIED,
              after.version(),
              OptionalLong.empty(),
              normalized(before.training(moments, after), x));
      case Outcome.Duplicate(var now, var applied) ->
          new NormalizedRows(
              BatchOutcome.DUPLICATE,
              now.version(),
              OptionalLong.of(applied),
              checked(now.training(moments, now), x));
      case Outcome.Frozen(var now) -> rows(now.inference(), x, now, BatchOutcome.FROZEN);
      case Outcome.Refused(var problem) -> throw problem;
      case Outcome.Created _, Outcome.Exists _, Outcome.Deleted _, Outcome.Unchanged _ ->
          throw new IllegalStateException("not an outcome of a batch: " + outcome);
    };
  }

  /// The rows depend on the state before them in a way the fold cannot look into, so they are made
  /// first and counted only if that state is still the present one.
  private Mono<NormalizedRows> trainRowByRow(
      Normalizer normalizer,
      FeatureBatch batch,
      Envelope envelope,
      boolean rejectFrozen,
      int attempt) {
    return onCompute(batch)
        .flatMap(x -> {
          double[] rows = rowByRow(normalizer, x);
          BatchMoments moments = RowByRow.momentsOf(x, normalizer.definition().averaging());
          var event =
              new NormalizerEvent.Observed(
                  envelope.expects(normalizer.revision())
                      ? envelope.forRevision(normalizer.revision())
                      : envelope,
                  moments,
                  Optional.empty(),
                  rejectFrozen);
          return onCompute(log.append(event), x)
              .flatMap(outcome ->
                  switch (outcome) {
                    case Outcome.Applied(_, var after) ->
                        Mono.just(
                            new NormalizedRows(
                                BatchOutcome.APPLIED, after.version(), OptionalLong.empty(), rows));
                    case Outcome.Refused(VersionMismatch moved)
                        when moved.isPrecondition() && envelope.expected().isEmpty() ->
                        attempt == MOST_ATTEMPTS
                            ? Mono.error(new Overloaded())
                            : trainRowByRow(
                                sameCreation(normalizer), x, envelope, rejectFrozen, attempt + 1);
                    default -> Mono.fromCallable(() -> trained(outcome, x, moments));
                  });
        });
  }

  private Normalizer sameCreation(Normalizer earlier) {
    Normalizer now = get(earlier.name());
    if (now.revision().incarnation() != earlier.revision().incarnation()) {
      throw VersionMismatch.recreated(earlier.name());
    }
    return now;
  }

  private static double[] rowByRow(Normalizer normalizer, FeatureBatch x) {
    if (normalizer.isFrozen()) {
      return checked(normalizer.inference(), x);
    }
    if (!(normalizer.definition().training() instanceof Training.Running running)
        || !(normalizer.running() instanceof PooledStatistics pooled)) {
      throw new IllegalStateException("rows enter one by one into pooled statistics only");
    }
    double[] rows =
        RowByRow.normalize(
            x, pooled, running.order(), normalizer.affine(), normalizer.definition().rules());
    return finite(x, rows);
  }

  /// Counts moments of rows that are not to be answered.
  ///
  /// Fails with what the fold refuses.
  public Mono<Observation> observe(
      Normalizer normalizer, BatchMoments moments, Envelope envelope, boolean rejectFrozen) {
    return append(normalizer, moments, Optional.empty(), envelope, rejectFrozen)
        .map(NormalizationService::observed)
        .doOnNext(seen -> tell(normalizer, Mode.TRAINING, seen.outcome(), moments.rows()));
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
      boolean rejectFrozen) {
    var event =
        new NormalizerEvent.Observed(
            envelope.forIncarnation(normalizer.revision().incarnation()),
            moments,
            answered,
            rejectFrozen);
    return log.append(event);
  }

  private Mono<FeatureBatch> onCompute(FeatureBatch batch) {
    return onCompute(Mono.just(batch), batch);
  }

  private <T> Mono<T> onCompute(Mono<T> source, FeatureBatch batch) {
    boolean large = (long) batch.rows() * batch.features() > LARGE;
    return large ? source.publishOn(compute) : source;
  }

  private static NormalizedRows rows(
      Normalization normalization, FeatureBatch x, Normalizer by, BatchOutcome outcome) {
    return new NormalizedRows(
        outcome, by.version(), OptionalLong.empty(), checked(normalization, x));
  }

  private static double[] checked(Normalization normalization, FeatureBatch x) {
    return finite(x, normalized(normalization, x));
  }

  private static double[] normalized(Normalization normalization, FeatureBatch x) {
    double[] y = new double[x.rows() * x.features()];
    normalization.apply(x.values(), y, x.rows());
    return y;
  }

  private static double[] finite(FeatureBatch x, double[] y) {
    Faults faults = new Faults();
    for (int i = 0; i < y.length; i++) {
      if (!Double.isFinite(y[i]) && !(Double.isNaN(y[i]) && Double.isNaN(x.values()[i]))) {
        String pointer = "#/rows/" + i / x.features() + "/" + i % x.features();
        faults.add(
            () -> new Fault(pointer, Fault.OVERFLOW, "The normalised value would not be finite."));
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
    return y;
  }

  private void tell(Normalizer normalizer, Mode mode, BatchOutcome outcome, long rows) {
    listener.onBatch(normalizer.name(), mode, outcome, rows);
  }
}
