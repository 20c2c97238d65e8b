package io.evenkeel.normalizer;

import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.StatisticsFrozen;
import io.evenkeel.normalizer.NormalizationException.Subject;
import java.util.Optional;

/// An event at the moment at which it is decided upon: the state it meets, from whom it comes and
/// when; and the ways in which it can end.
///
/// @param current the state before it
/// @param envelope its conditions, which are met
record Transition(Normalizer current, Envelope envelope, Stamp stamp) {

  /// Whether the next state remembers a key.
  boolean keyed() {
    return envelope.key().isPresent();
  }

  /// Nothing changes.
  Fold.Step same(Outcome outcome) {
    return new Fold.Step(Optional.of(current), outcome, Optional.empty(), Optional.empty());
  }

  /// Nothing changes, since a condition is not met.
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

  /// The command is carried out and written down.
  Fold.Step audited(String command, Normalizer after) {
    Fold.Step step = applied(after);
    return new Fold.Step(
        step.next(), step.outcome(), step.key(), Optional.of(audit(command, after)));
  }

  /// The normalizer is gone, and that is written down.
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

  /// Nothing changes, since what it would make of a feature is not finite.
  Fold.Step overflows(Subject subject, int feature, String what) {
    String detail =
        what + " of " + current.definition().features().name(feature) + " would not be finite.";
    return refused(new InvalidInput(subject, Faults.of(new Fault("#", Fault.OVERFLOW, detail))));
  }

  /// The end of what would move statistics that are held.
  Optional<Fold.Step> heldStatistics() {
    return current.isFrozen()
        ? Optional.of(refused(new StatisticsFrozen(current.name(), "statistics")))
        : Optional.empty();
  }

  /// The end of what would move gamma and beta that are held.
  Optional<Fold.Step> heldAffine() {
    return current.frozen().filter(f -> f.scope() == Freeze.Scope.ALL).isPresent()
        ? Optional.of(refused(new StatisticsFrozen(current.name(), "gamma and beta")))
        : Optional.empty();
  }

  /// The end of what was made for another number of features: an incarnation never changes its D,
  /// so it was made for another one.
  Optional<Fold.Step> otherFeatures(int features) {
    return features == current.definition().features().size()
        ? Optional.empty()
        : Optional.of(refused(NormalizationException.VersionMismatch.recreated(current.name())));
  }
}
