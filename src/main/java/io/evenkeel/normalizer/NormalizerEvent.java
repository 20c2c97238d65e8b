package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.gradients.AffineStep;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.batchnorm.statistics.GivenStatistics;
import java.util.Optional;

/// What is asked of a normalizer, as the log carries it. Whether and how it is applied is decided
/// in [Fold], in the order of the log.
public sealed interface NormalizerEvent {

  /// For whom, from whom, under which conditions.
  Envelope envelope();

  /// About how many doubles the event brings, or makes the store write: the moments of a feature
  /// are seven, its gamma and beta two, its definition counts for sixteen.
  ///
  /// @param features D of the normalizer now, 0 where there is none
  default long numbers(int features) {
    return switch (this) {
      case Observed observed -> 7L * observed.batch().moments().features();
      case Merged merged -> 7L * merged.shard().moments().features();
      case StatisticsReplaced replaced -> 7L * replaced.statistics().features();
      case AffineReplaced replaced -> 2L * replaced.affine().features();
      case AffineStepped stepped -> 2L * stepped.step().features();
      case Created created -> 16L * created.definition().features().size();
      case Imported imported -> 24L * imported.statistics().features();
      case DefinitionReplaced replaced -> 16L * replaced.definition().features().size();
      case SnapshotTaken _, Restored _ -> 7L * features;
      case Deleted _, Frozen _, Unfrozen _, Reset _, SnapshotDeleted _, ServingReplaced _ -> 0;
    };
  }

  /// A normalizer of this definition is to exist.
  record Created(Envelope envelope, NormalizerDefinition definition) implements NormalizerEvent {}

  /// A normalizer of this definition is to be made, with statistics from elsewhere; the name must
  /// be free.
  record Imported(Envelope envelope, NormalizerDefinition definition, GivenStatistics statistics)
      implements NormalizerEvent {}

  /// The normalizer, its keys and its snapshots are to go.
  record Deleted(Envelope envelope) implements NormalizerEvent {}

  /// A training batch was seen.
  ///
  /// @param answered the range of the values that are to be answered normalised, if they are: the
  ///   batch is refused if one would not be finite
  /// @param rejectFrozen whether a frozen normalizer refuses the batch rather than leave it
  ///   uncounted
  /// @param windowId the client's id of the window that the batch belongs to, if it says
  /// @param admittedBy the definition that it was validated by: one that admits other batches
  ///   refuses it; empty where it was validated by none
  record Observed(
      Envelope envelope,
      BatchMoments batch,
      Optional<FeatureRange> answered,
      boolean rejectFrozen,
      Optional<String> windowId,
      Optional<NormalizerDefinition> admittedBy)
      implements NormalizerEvent {

    /// A batch that any definition admits.
    public Observed(
        Envelope envelope,
        BatchMoments batch,
        Optional<FeatureRange> answered,
        boolean rejectFrozen,
        Optional<String> windowId) {
      this(envelope, batch, answered, rejectFrozen, windowId, Optional.empty());
    }
  }

  /// Gamma and beta are to be these.
  record AffineReplaced(Envelope envelope, Affine affine) implements NormalizerEvent {}

  /// Gamma and beta are to move by a step of the optimizer.
  record AffineStepped(Envelope envelope, AffineStep step) implements NormalizerEvent {}

  /// The definition is to be this one, as far as the stored moments do not depend on it.
  record DefinitionReplaced(Envelope envelope, NormalizerDefinition definition)
      implements NormalizerEvent {}

  /// The statistics (and, by scope, gamma and beta) are to be held.
  ///
  /// @param scope where it is not said: what is held already, or else the statistics
  record Frozen(Envelope envelope, Optional<Freeze.Scope> scope) implements NormalizerEvent {}

  /// Nothing is to be held any longer.
  record Unfrozen(Envelope envelope) implements NormalizerEvent {}

  /// Statistics, rows and batches are to begin anew.
  record Reset(Envelope envelope) implements NormalizerEvent {}

  /// The moments of a shard, counted elsewhere, are to be added as one batch.
  record Merged(Envelope envelope, BatchMoments shard) implements NormalizerEvent {}

  /// The statistics are to be these.
  record StatisticsReplaced(Envelope envelope, GivenStatistics statistics)
      implements NormalizerEvent {}

  /// The present state is to be kept under a label.
  record SnapshotTaken(Envelope envelope, SnapshotLabel label) implements NormalizerEvent {}

  /// A snapshot is to go.
  record SnapshotDeleted(Envelope envelope, SnapshotLabel label) implements NormalizerEvent {}

  /// Definition, gamma and beta and statistics are to be those of a snapshot.
  record Restored(Envelope envelope, SnapshotLabel label) implements NormalizerEvent {}

  /// Inference is to be served by a snapshot, or by the present state where none is named.
  record ServingReplaced(Envelope envelope, Optional<SnapshotLabel> label)
      implements NormalizerEvent {}
}
