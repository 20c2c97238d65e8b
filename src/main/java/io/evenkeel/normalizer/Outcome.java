package io.evenkeel.normalizer;

/// What became of an event.
public sealed interface Outcome {

  /// Whether anything is different afterwards and has to be kept; a snapshot that was taken is,
  /// although the version is the same.
  default boolean changes() {
    return switch (this) {
      case Created _, Deleted _, Applied _ -> true;
      case Exists _, Duplicate _, Frozen _, Unchanged _, Refused _ -> false;
    };
  }

  /// The normalizer was created.
  record Created(Normalizer normalizer) implements Outcome {}

  /// It existed already with the same definition; nothing changed.
  record Exists(Normalizer normalizer) implements Outcome {}

  /// It is gone.
  ///
  /// @param last its last state
  record Deleted(Normalizer last) implements Outcome {}

  /// The event changed the state.
  record Applied(Normalizer before, Normalizer after) implements Outcome {}

  /// The event's key had been applied before; nothing changed.
  ///
  /// @param appliedVersion the version that was made then
  record Duplicate(Normalizer normalizer, long appliedVersion) implements Outcome {}

  /// The statistics are frozen and the batch was not counted.
  record Frozen(Normalizer normalizer) implements Outcome {}

  /// The state was already as asked for.
  record Unchanged(Normalizer normalizer) implements Outcome {}

  /// A condition was not met; nothing changed.
  record Refused(NormalizationException problem) implements Outcome {}
}
