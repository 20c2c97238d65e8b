package io.evenkeel.simulator;

import io.evenkeel.normalizer.NormalizationException;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Outcome;

/// What can be counted of an outcome.
///
/// @param word what became of the event
/// @param incarnation of the normalizer afterwards, the last one where it is gone, 0 where the
///   event was refused; and so on
/// @param appliedVersion of a duplicate
record Verdict(
    String word, long incarnation, long version, long rows, long batches, long appliedVersion) {

  static Verdict refused(Class<? extends NormalizationException> problem) {
    return new Verdict("refused: " + problem.getSimpleName(), 0, 0, 0, 0, 0);
  }

  static Verdict of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Created(var normalizer) -> on("created", normalizer, 0);
      case Outcome.Exists(var normalizer) -> on("exists", normalizer, 0);
      case Outcome.Deleted(var last) -> on("deleted", last, 0);
      case Outcome.Applied(_, var after) -> on("applied", after, 0);
      case Outcome.Duplicate(var normalizer, var version) -> on("duplicate", normalizer, version);
      case Outcome.Frozen(var normalizer) -> on("frozen", normalizer, 0);
      case Outcome.Unchanged(var normalizer) -> on("unchanged", normalizer, 0);
      case Outcome.Refused(var problem) -> refused(problem.getClass());
    };
  }

  private static Verdict on(String word, Normalizer state, long appliedVersion) {
    return new Verdict(
        word,
        state.revision().incarnation(),
        state.version(),
        state.rows(),
        state.batches(),
        appliedVersion);
  }

  boolean is(String other) {
    return word.equals(other);
  }
}
