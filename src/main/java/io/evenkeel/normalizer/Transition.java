package io.evenkeel.normalizer;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.NormalizationException.DefinitionConflict;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.StatisticsFrozen;
import io.evenkeel.normalizer.NormalizationException.Subject;
import java.util.Optional;

/// An event while the fold decides on it: the state it meets, its envelope and its stamp. The
/// methods make the possible results.
///
/// @param current the state before it
/// @param envelope the event's envelope, whose conditions are met
record Transition(Normalizer current, Envelope envelope, Stamp stamp) {

  /// Whether the event has a key, which the next state counts.
  boolean keyed() {
    return envelope.key().isPresent();
  }

  /// Nothing changes.
  Fold.Step same(Outcome outcome) {
    return new Fold.Step(Optional.of(current), outcome, Optional.empty(), Optional.empty());
  }

  /// Nothing changes, because of a problem.
  Fold.Step refused(NormalizationException problem) {
    return same(new Outcome.Refused(problem));
  }

  /// The event is applied.
  Fold.Step applied(Normalizer after) {
    Optional<AppliedKey> key =
        envelope.key().map(k -> new AppliedKey(k, after.keys(), after.version(), stamp.at()));
    return new Fold.Step(
        Optional.of(after), new Outcome.Applied(current, after), key, Optional.empty());
  }

  /// The command is applied and noted in the audit trail.
  Fold.Step audited(String command, Normalizer after) {
    Fold.Step step = applied(after);
    return new Fold.Step(
        step.next(), step.outcome(), step.key(), Optional.of(audit(command, after)));
  }

  /// The normalizer is deleted, and the audit trail notes it.
  Fold.Step deleted() {
    return new Fold.Step(
        Optional.empty(),
        new Outcome.Deleted(current),
        Optional.empty(),
        Optional.of(audit("delete", current)));
  }

  private AuditEntry audit(String command, Normalizer after) {
    return Fold.audit(command, envelope, after, stamp);
  }

  /// Nothing changes, because a value of a feature would not be finite.
  Fold.Step overflows(Subject subject, int feature, String what) {
    String detail =
        what
            + " of "
            + Excerpt.quoted(current.definition().features().name(feature))
            + " would not be finite.";
    return refused(new InvalidInput(subject, Faults.of(new Fault("#", Fault.OVERFLOW, detail))));
  }

  /// Refuses if the statistics are frozen.
  Optional<Fold.Step> heldStatistics() {
    return current.isFrozen()
        ? Optional.of(refused(new StatisticsFrozen(current.name(), "statistics")))
        : Optional.empty();
  }

  /// Refuses if gamma and beta are frozen.
  Optional<Fold.Step> heldAffine() {
    return current.frozen().filter(f -> f.scope() == Freeze.Scope.ALL).isPresent()
        ? Optional.of(refused(new StatisticsFrozen(current.name(), "gamma and beta")))
        : Optional.empty();
  }

  /// Refuses moments or parameters of another number of features: they were made for an earlier
  /// definition, or for another normalizer of the name.
  Optional<Fold.Step> otherFeatures(int features) {
    return features == current.definition().features().size()
        ? Optional.empty()
        : Optional.of(refused(new DefinitionConflict(otherFeatures(current, features))));
  }

  private static String otherFeatures(Normalizer current, int features) {
    return current.name().quoted()
        + " has "
        + current.featureCount()
        + " features now, and this request is for "
        + features
        + ": the definition was changed while it was on its way. Nothing has changed; send it again"
        + " for the features that there are.";
  }
}
