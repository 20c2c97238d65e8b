package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizationException.RowsUnproven;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Outcome;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/// Trains by batches whose rows enter the running statistics one after the other: each row is
/// normalised by the statistics just before or after it.
///
/// **The usual way.** The log counts the moments, and the rows are made from the state that the
/// moments met. The batch is counted by then, so no row may turn out not finite. The fold therefore
/// counts it only if the moments prove that all rows are finite, see
/// [io.evenkeel.batchnorm.RowByRowBound]. One record a batch, however many clients train the same
/// normalizer.
///
/// **The careful way.** A batch without that proof has its rows made and checked first, and counts
/// only if the state that they were made from is still the present one. It has the normalizer for
/// itself meanwhile, see [Turns].
final class RowByRowTraining {
  /// Other events may still come between: commands, and batches of other replicas.
  private static final int MOST_ATTEMPTS = 100;

  private final NormalizerLog log;
  private final Normalizers normalizers;
  private final Compute compute;
  private final TrainedRows trained;
  private final Turns turns;
  private final BatchTraces traces;

  RowByRowTraining(
      NormalizerLog log, Compute compute, TrainedRows trained, Turns turns, BatchTraces traces) {
    this.log = log;
    normalizers = new Normalizers(log);
    this.compute = compute;
    this.trained = trained;
    this.turns = turns;
    this.traces = traces;
  }

  /// Counts a batch and normalises it. Fails with what the fold refuses.
  ///
  /// @param admitting the state whose definition admitted the batch
  /// @param offered the batch before it was admitted
  Mono<NormalizedRows> train(
      Normalizer admitting,
      AskedBatch batch,
      OfferedBatch offered,
      Envelope envelope,
      Terms terms) {
    return prepare(admitting, batch, envelope, terms)
        .flatMap(Function.identity())
        .onErrorResume(
            RowsUnproven.class,
            _ -> turns.alone(admitting.name(), checked(admitting, offered, envelope, terms, 1)));
  }

  /// The usual way alone, in two steps: takes the moments, then counts the batch and normalises it.
  /// Fails with what the fold refuses, [RowsUnproven] included.
  Mono<Mono<NormalizedRows>> prepare(
      Normalizer admitting, AskedBatch batch, Envelope envelope, Terms terms) {
    return compute
        .on(batch.values())
        .map(x -> {
          BatchMoments moments = Work.of(() -> admitting.definition().momentsOf(x));
          FeatureRange answered = FeatureRange.of(x, moments.moments(), batch.answered());
          Envelope sameCreation = envelope.forIncarnation(admitting.revision().incarnation());
          Mono<Outcome> outcome =
              append(admitting, moments, Optional.of(answered), sameCreation, terms);
          return compute
              .after(turns.together(admitting.name(), outcome), x)
              .map(done ->
                  Work.of(() ->
                      trained.of(
                          done,
                          admitting.name(),
                          batch,
                          moments,
                          applied -> RowsToCome.made(ForwardPass.rowByRow(applied.before(), x)))));
        });
  }

  private Mono<NormalizedRows> checked(
      Normalizer earlier, OfferedBatch offered, Envelope envelope, Terms terms, int attempt) {
    return Mono.defer(
            () -> {
              Normalizer before = normalizers.now(earlier);
              return checked(before, offered.admittedBy(before.definition()), envelope, terms);
            })
        .onErrorResume(
            error -> isOvertaken(error, earlier, envelope),
            _ ->
                attempt == MOST_ATTEMPTS
                    ? Mono.error(new Overloaded())
                    : checked(earlier, offered, envelope, terms, attempt + 1));
  }

  /// Whether another event came between, so that the rows must be made again from the present
  /// state. Not if the client's own condition excludes the present state.
  private boolean isOvertaken(Throwable error, Normalizer earlier, Envelope envelope) {
    return error instanceof VersionMismatch moved
        && moved.isPrecondition()
        && envelope.expects(normalizers.now(earlier).revision());
  }

  private Mono<NormalizedRows> checked(
      Normalizer before, AskedBatch batch, Envelope envelope, Terms terms) {
    return compute
        .on(batch.values())
        .flatMap(x -> {
          RowsToCome rows =
              Work.of(() -> RowsToCome.made(ForwardPass.checkedRowByRow(before, batch)));
          BatchMoments moments = Work.of(() -> before.definition().momentsOf(x));
          Envelope sameState =
              envelope.expects(before.revision())
                  ? envelope.forRevision(before.revision())
                  : envelope.forNoRevision(before.revision().incarnation());
          return compute
              .after(append(before, moments, Optional.empty(), sameState, terms), x)
              .map(done ->
                  Work.of(() -> trained.of(done, before.name(), batch, moments, _ -> rows)));
        });
  }

  private Mono<Outcome> append(
      Normalizer admitting,
      BatchMoments moments,
      Optional<FeatureRange> answered,
      Envelope envelope,
      Terms terms) {
    return traces.step(
        BatchTraces.Step.APPEND,
        log.append(
            new NormalizerEvent.Observed(
                envelope,
                moments,
                answered,
                terms.rejectFrozen(),
                Optional.empty(),
                Optional.of(admitting.definition()),
                terms.guarded())));
  }
}
