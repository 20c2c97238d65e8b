package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.BatchMoments;
import io.evenkeel.batchnorm.MeanAndVariance;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.RunningStatistics;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.VarianceEstimator;
import java.time.Instant;
import java.util.Optional;

/// One state of a normalizer. Immutable; [Fold] makes the next one.
///
/// @param revision which state of which creation of the name
/// @param affine gamma and beta now
/// @param running the running statistics now
/// @param frozen whether and how far it is held
/// @param rows rows of all applied batches since creation or reset
/// @param batches applied batches since creation or reset
/// @param keys how many idempotency keys were ever applied
/// @param updatedAt when `version` last grew
public record Normalizer(
    NormalizerName name,
    Revision revision,
    NormalizerDefinition definition,
    Affine affine,
    RunningStatistics running,
    Optional<Freeze> frozen,
    long rows,
    long batches,
    long keys,
    Instant createdAt,
    Instant updatedAt) {

  static Normalizer create(NormalizerName name, NormalizerDefinition definition, Stamp stamp) {
    return new Normalizer(
        name,
        new Revision(stamp.position(), 1),
        definition,
        definition.affine(),
        start(definition),
        Optional.empty(),
        0,
        0,
        0,
        stamp.at(),
        stamp.at());
  }

  static Normalizer imported(NormalizerEvent.Imported imported, Stamp stamp) {
    NormalizerDefinition definition = imported.definition();
    return new Normalizer(
        imported.envelope().name(),
        new Revision(stamp.position(), 1),
        definition,
        definition.affine(),
        definition.averaging().given(imported.statistics(), definition.runningVariance()),
        Optional.empty(),
        imported.statistics().rows(),
        imported.statistics().greatestBatches(),
        imported.envelope().key().isPresent() ? 1 : 0,
        stamp.at(),
        stamp.at());
  }

  private static RunningStatistics start(NormalizerDefinition definition) {
    return definition.averaging().start(definition.features().size(), definition.runningVariance());
  }

  /// 1 at creation, one more with every change of state.
  public long version() {
    return revision.version();
  }

  /// Whether training batches count.
  public boolean isFrozen() {
    return frozen.isPresent();
  }

  /// Normalising by the running statistics: inference, and training while frozen.
  public Normalization inference() {
    return Normalization.of(running.meanAndVariance(), affine, definition.rules());
  }

  /// What normalises a training batch of these moments, where this is the state before the batch
  /// and `after` the one that it made.
  ///
  /// For rows that enter one after the other there is no single answer: see
  /// [io.evenkeel.batchnorm.RowByRow].
  public Normalization training(BatchMoments batch, Normalizer after) {
    return training(batch, after.running);
  }

  Normalization training(BatchMoments batch, RunningStatistics after) {
    MeanAndVariance statistics =
        switch (definition.training()) {
          case Training.Batch _ -> batch.moments().meanAndVariance(VarianceEstimator.BIASED);
          case Training.Running(var order, var _) ->
              order == Training.Running.Order.BEFORE
                  ? running.meanAndVariance()
                  : after.meanAndVariance();
        };
    return Normalization.of(statistics, affine, definition.rules());
  }

  Normalizer observed(BatchMoments batch, RunningStatistics next, boolean keyed, Stamp stamp) {
    return next(definition, affine, next, frozen, rows + batch.rows(), batches + 1, keyed, stamp);
  }

  Normalizer withAffine(Affine next, boolean keyed, Stamp stamp) {
    return next(definition, next, running, frozen, rows, batches, keyed, stamp);
  }

  Normalizer withDefinition(NormalizerDefinition next, boolean keyed, Stamp stamp) {
    return next(next, affine, running, frozen, rows, batches, keyed, stamp);
  }

  Normalizer withFreeze(Optional<Freeze> next, boolean keyed, Stamp stamp) {
    return next(definition, affine, running, next, rows, batches, keyed, stamp);
  }

  Normalizer reset(boolean keyed, Stamp stamp) {
    return next(definition, affine, start(definition), frozen, 0, 0, keyed, stamp);
  }

  private Normalizer next(
      NormalizerDefinition definition,
      Affine affine,
      RunningStatistics running,
      Optional<Freeze> frozen,
      long rows,
      long batches,
      boolean keyed,
      Stamp stamp) {
    return new Normalizer(
        name,
        new Revision(revision.incarnation(), revision.version() + 1),
        definition,
        affine,
        running,
        frozen,
        rows,
        batches,
        keyed ? keys + 1 : keys,
        createdAt,
        stamp.at());
  }
}
