package io.evenkeel.http.command;

import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Outcome;

/// What a command's outcome leaves behind.
public final class Outcomes {
  private Outcomes() {}

  /// The state after a command.
  ///
  /// @throws io.evenkeel.normalizer.NormalizationException if it was refused
  public static Normalizer state(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Applied(_, var after) -> after;
      case Outcome.Unchanged(var same) -> same;
      case Outcome.Duplicate(var now, _) -> now;
      case Outcome.Created _,
          Outcome.Exists _,
          Outcome.Deleted _,
          Outcome.Frozen _,
          Outcome.Refused _ ->
          throw problem(outcome);
    };
  }

  /// Why a command did not do what was asked for.
  public static RuntimeException problem(Outcome outcome) {
    return outcome instanceof Outcome.Refused(var problem)
        ? problem
        : new IllegalStateException("not an outcome of this command: " + outcome);
  }
}
