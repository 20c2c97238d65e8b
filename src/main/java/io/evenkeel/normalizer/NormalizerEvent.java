package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.gradients.AffineStep;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.batchnorm.statistics.GivenStatistics;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.Map;
import java.util.Optional;

/// A request to a normalizer, as the log carries it. [Fold] decides in the order of the log whether
/// it is applied.
public sealed interface NormalizerEvent {

  /// The normalizer, the sender and the conditions.
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
      case DefinitionReplaced replaced ->
          24L * replaced.redefinition().definition().features().size();
      case SnapshotTaken _, Restored _ -> 7L * features;
      case Deleted _, Frozen _, Unfrozen _, Reset _, SnapshotDeleted _, ServingReplaced _ -> 0;
    };
  }

  /// Create a normalizer of this definition, unless it exists.
  record Created(Envelope envelope, NormalizerDefinition definition) implements NormalizerEvent {}

  /// Create a normalizer of this definition with given statistics. The name must be free.
  record Imported(Envelope envelope, NormalizerDefinition definition, GivenStatistics statistics)
      implements NormalizerEvent {}

  /// Delete the normalizer, its keys and its snapshots.
  record Deleted(Envelope envelope) implements NormalizerEvent {}

  /// Count a training batch.
  ///
  /// @param answered the range of the batch's values, if its rows will be made from the outcome.
  ///   The batch is refused if a normalised value would not be finite. If rows enter one by one, it
  ///   is refused as [NormalizationException.RowsUnproven] unless all will be finite for certain
  /// @param rejectFrozen whether a frozen normalizer refuses the batch; otherwise it does not count
  ///   it
  /// @param windowId the client's id of the window that the batch belongs to, if it says
  /// @param admittedBy the definition that validated the batch. The batch is refused if the
  ///   definition in force admits other batches. Empty if no definition validated it
  /// @param guarded whether the definition's guard judges the batch
  record Observed(
      Envelope envelope,
      BatchMoments batch,
      Optional<FeatureRange> answered,
      boolean rejectFrozen,
      Optional<String> windowId,
      Optional<NormalizerDefinition> admittedBy,
      boolean guarded)
      implements NormalizerEvent {

    /// A batch that any definition admits.
    public Observed(
        Envelope envelope,
        BatchMoments batch,
        Optional<FeatureRange> answered,
        boolean rejectFrozen,
        Optional<String> windowId) {
      this(envelope, batch, answered, rejectFrozen, windowId, Optional.empty(), true);
    }
  }

  /// Replace gamma and beta.
  record AffineReplaced(Envelope envelope, Affine affine) implements NormalizerEvent {}

  /// Move gamma and beta by a step of the optimizer.
  record AffineStepped(Envelope envelope, AffineStep step) implements NormalizerEvent {}

  /// Replace the definition. The parts that the stored moments depend on must stay.
  record DefinitionReplaced(Envelope envelope, Redefinition redefinition)
      implements NormalizerEvent {

    /// A definition that renames no feature.
    public DefinitionReplaced(Envelope envelope, NormalizerDefinition definition) {
      this(envelope, new Redefinition(definition, Map.of()));
    }
  }

  /// Freeze the statistics and, by scope, gamma and beta.
  ///
  /// @param scope if empty, the scope in force, or else the statistics
  record Frozen(Envelope envelope, Optional<Freeze.Scope> scope) implements NormalizerEvent {}

  /// Unfreeze.
  record Unfrozen(Envelope envelope) implements NormalizerEvent {}

  /// Set statistics, rows and batches back to the start.
  record Reset(Envelope envelope) implements NormalizerEvent {}

  /// Add the moments of a shard as one batch.
  record Merged(Envelope envelope, BatchMoments shard) implements NormalizerEvent {}

  /// Replace the statistics.
  record StatisticsReplaced(Envelope envelope, GivenStatistics statistics)
      implements NormalizerEvent {}

  /// Store the present state under a label.
  record SnapshotTaken(Envelope envelope, SnapshotLabel label) implements NormalizerEvent {}

  /// Delete a snapshot.
  record SnapshotDeleted(Envelope envelope, SnapshotLabel label) implements NormalizerEvent {}

  /// Go back to definition, gamma, beta and statistics of a snapshot.
  record Restored(Envelope envelope, SnapshotLabel label) implements NormalizerEvent {}

  /// Serve inference from a snapshot, or from the present state if no label is given.
  record ServingReplaced(Envelope envelope, Optional<SnapshotLabel> label)
      implements NormalizerEvent {}
}
