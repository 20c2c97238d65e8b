package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// Trains by batches whose rows enter the running statistics one after the other.
///
/// Each row is normalised by the statistics just before or after it, so the rows depend on the
/// state before the batch, which the fold cannot check by the moments alone. The rows are therefore
/// made first, and the log counts the batch only if that state is still the present one.
final class RowByRowTraining {
  private final NormalizerLog log;
  private final Compute compute;
  private final TrainedRows trained;

  RowByRowTraining(NormalizerLog log, Compute compute, TrainedRows trained) {
    this.log = log;
    this.compute = compute;
    this.trained = trained;
  }

  /// Counts a batch and normalises it.
  ///
  /// Fails with what the fold refuses; with a mismatch of the version where another event came
  /// between.
  ///
  /// @param before the state that the rows are made from
  Mono<NormalizedRows> train(
      Normalizer before, AskedBatch batch, Envelope envelope, boolean rejectFrozen) {
    return compute
        .on(batch.values())
        .flatMap(x -> {
          double[] rows = Work.of(() -> ForwardPass.rowByRow(before, batch));
          BatchMoments moments = before.definition().momentsOf(x);
          return compute
              .after(log.append(observed(before, moments, envelope, rejectFrozen)), x)
              .map(outcome -> trained.of(outcome, before.name(), batch, moments, _ -> rows));
        });
  }

  private static NormalizerEvent observed(
      Normalizer before, BatchMoments moments, Envelope envelope, boolean rejectFrozen) {
    return new NormalizerEvent.Observed(
        envelope.expects(before.revision())
            ? envelope.forRevision(before.revision())
            : envelope.forNoRevision(before.revision().incarnation()),
        moments,
        Optional.empty(),
        rejectFrozen,
        Optional.empty(),
        Optional.of(before.definition()));
  }
}
