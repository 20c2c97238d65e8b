package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.normalizer.definition.Guard;

/// The result of an event.
public sealed interface Outcome {

  /// Whether the event changed anything that must be stored. A new snapshot does, although the
  /// version stays.
  default boolean changes() {
    return switch (this) {
      case Created _, Deleted _, Applied _ -> true;
      case Exists _, Duplicate _, Frozen _, Unchanged _, Refused _ -> false;
    };
  }

  /// The state after a command that changes a normalizer.
  ///
  /// @throws NormalizationException if the command was refused
  /// @throws IllegalStateException if this is not the outcome of such a command
  default Normalizer state() {
    return switch (this) {
      case Applied(_, var after) -> after;
      case Unchanged(var same) -> same;
      case Duplicate(var now, _) -> now;
      case Created _, Exists _, Deleted _, Frozen _, Refused _ -> throw problem();
    };
  }

  /// Why a command did not do what was asked for.
  default RuntimeException problem() {
    return this instanceof Refused(var problem)
        ? problem
        : new IllegalStateException("not an outcome of this command: " + this);
  }

  /// The normalizer was created.
  record Created(Normalizer normalizer) implements Outcome {}

  /// It existed already with the same definition; nothing changed.
  record Exists(Normalizer normalizer) implements Outcome {}

  /// The normalizer was deleted.
  ///
  /// @param last its last state
  record Deleted(Normalizer last) implements Outcome {}

  /// The event changed the state.
  record Applied(Normalizer before, Normalizer after) implements Outcome {

    /// How many features of the training batch that was counted the guard reports.
    public int reported(BatchMoments batch) {
      return before
          .definition()
          .guard()
          .filter(guard -> guard.action() == Guard.Action.REPORT)
          .map(guard -> guard.suspicions(before.rows(), before.running(), batch.moments()).size())
          .orElse(0);
    }
  }

  /// The event's key was applied before; nothing changed.
  ///
  /// @param appliedVersion the version that the first request made
  record Duplicate(Normalizer normalizer, long appliedVersion) implements Outcome {}

  /// The statistics are frozen and the batch was not counted.
  record Frozen(Normalizer normalizer) implements Outcome {}

  /// The state was as requested already.
  record Unchanged(Normalizer normalizer) implements Outcome {}

  /// The event was refused; nothing changed.
  record Refused(NormalizationException problem) implements Outcome {}
}
