package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.RunningStatistics;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.normalizer.NormalizationException.DefinitionConflict;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.KeyReused;
import io.evenkeel.normalizer.NormalizationException.StatisticsFrozen;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.NormalizationException.UnknownNormalizer;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import java.util.Optional;
import java.util.OptionalLong;

/// The pure fold: the state of a normalizer is what its events, in the order of the log, make of
/// it.
///
/// No clock, no randomness, no I/O: time and position come with the entry, an earlier use of its
/// idempotency key with the question. The same entries give the same state, bit for bit, wherever
/// they are folded.
///
/// Conditions are tried in this order: the name exists; the key was not applied before; the
/// incarnation is the one that was validated against; the revision is an expected one; nothing that
/// is held would move; the result is finite.
public final class Fold {
  private Fold() {}

  /// What one entry does.
  ///
  /// @param next the state afterwards, empty where the name is free
  /// @param outcome what the one who sent it is told
  /// @param key to be remembered
  /// @param audit to be written down
  public record Step(
      Optional<Normalizer> next,
      Outcome outcome,
      Optional<AppliedKey> key,
      Optional<AuditEntry> audit) {}

  /// Folds one entry.
  ///
  /// @param current the state of the event's name, empty where it is free
  /// @param earlier what is stored under the event's key for this incarnation, whatever its age
  public static Step step(
      Optional<Normalizer> current,
      NormalizerEvent event,
      Optional<AppliedKey> earlier,
      Stamp stamp) {
    return current
        .map(normalizer -> new Existing(normalizer, event, earlier, stamp).step())
        .orElseGet(() -> onFreeName(event, stamp));
  }

  private static Step onFreeName(NormalizerEvent event, Stamp stamp) {
    Envelope envelope = event.envelope();
    return switch (event) {
      case NormalizerEvent.Created created ->
          created(Normalizer.create(envelope.name(), created.definition(), stamp), event, stamp);
      case NormalizerEvent.Imported imported ->
          created(Normalizer.imported(imported, stamp), event, stamp);
      default -> refused(Optional.empty(), new UnknownNormalizer(envelope.name()));
    };
  }

  private static Step created(Normalizer made, NormalizerEvent event, Stamp stamp) {
    Envelope envelope = event.envelope();
    if (envelope.expected().isPresent()) {
      return refused(
          Optional.empty(),
          new VersionMismatch("There is no normalizer named " + made.name() + ".", true));
    }
    String command = event instanceof NormalizerEvent.Imported ? "import" : "create";
    return new Step(
        Optional.of(made),
        new Outcome.Created(made),
        envelope.key().map(k -> new AppliedKey(k, made.keys(), made.version(), stamp.at())),
        Optional.of(audit(command, envelope, made, stamp)));
  }

  private static Step refused(Optional<Normalizer> current, NormalizationException problem) {
    return new Step(current, new Outcome.Refused(problem), Optional.empty(), Optional.empty());
  }

  private static AuditEntry audit(
      String command, Envelope envelope, Normalizer after, Stamp stamp) {
    return new AuditEntry(
        stamp.position(),
        stamp.at(),
        envelope.actor(),
        command,
        after.name(),
        after.version(),
        envelope.reason());
  }

  /// One event on a normalizer that exists.
  private record Existing(
      Normalizer current, NormalizerEvent event, Optional<AppliedKey> earlier, Stamp stamp) {

    Step step() {
      Optional<Step> short_ = keyApplied().or(this::conditionMissed);
      return short_.orElseGet(this::decide);
    }

    private Optional<Step> keyApplied() {
      return earlier
          .filter(key -> key.isRemembered(current.keys(), stamp.at()))
          .map(key ->
              event.envelope().key().filter(key.key()::equals).isPresent()
                  ? same(new Outcome.Duplicate(current, key.version()))
                  : refused(Optional.of(current), new KeyReused(key.version())));
    }

    private Optional<Step> conditionMissed() {
      Envelope envelope = event.envelope();
      OptionalLong incarnation = envelope.incarnation();
      if (incarnation.isPresent() && incarnation.getAsLong() != current.revision().incarnation()) {
        return Optional.of(
            refused(Optional.of(current), VersionMismatch.recreated(current.name())));
      }
      if (envelope.expected().isPresent()
          && !envelope.expected().get().contains(current.revision())) {
        return Optional.of(
            refused(
                Optional.of(current),
                new VersionMismatch(
                    current.name()
                        + " is at version "
                        + current.version()
                        + ", which was not expected.",
                    true)));
      }
      return Optional.empty();
    }

    private Step decide() {
      return switch (event) {
        case NormalizerEvent.Created created -> exists(created);
        case NormalizerEvent.Imported _ -> refused(Optional.of(current), nameTaken());
        case NormalizerEvent.Deleted _ -> delete();
        case NormalizerEvent.Observed observed -> observe(observed);
        case NormalizerEvent.AffineReplaced replaced -> replaceAffine(replaced);
        case NormalizerEvent.DefinitionReplaced replaced -> replaceDefinition(replaced);
        case NormalizerEvent.Frozen frozen -> freeze(frozen);
        case NormalizerEvent.Unfrozen _ -> unfreeze();
        case NormalizerEvent.Reset _ -> reset();
      };
    }

    private Step exists(NormalizerEvent.Created created) {
      if (current.definition().equals(created.definition())) {
        return same(new Outcome.Exists(current));
      }
      return refused(
          Optional.of(current),
          new DefinitionConflict(
              current.name()
                  + " exists with another definition; delete it first or choose another name."));
    }

    private DefinitionConflict nameTaken() {
      return new DefinitionConflict(
          current.name() + " exists; delete it first or choose another name.");
    }

    private Step delete() {
      return new Step(
          Optional.empty(),
          new Outcome.Deleted(current),
          Optional.empty(),
          Optional.of(audit("delete", event.envelope(), current, stamp)));
    }

    private Step observe(NormalizerEvent.Observed observed) {
      if (current.isFrozen()) {
        return observed.rejectFrozen()
            ? refused(Optional.of(current), new StatisticsFrozen(current.name(), "statistics"))
            : same(new Outcome.Frozen(current));
      }
      if (observed.batch().moments().features() != current.definition().features().size()) {
        // an incarnation never changes its D, so this batch was validated against another one
        return refused(Optional.of(current), VersionMismatch.recreated(current.name()));
      }
      RunningStatistics next = current.running().after(observed.batch());
      int overflow = observed.batch().moments().firstNotFinite();
      overflow = overflow >= 0 ? overflow : next.firstNotFinite();
      if (overflow >= 0) {
        return overflows(overflow, "The moments");
      }
      int answered =
          observed
              .answered()
              .filter(_ -> !entersRowByRow())
              .map(range -> current.training(observed.batch(), next).firstOverflow(range))
              .orElse(-1);
      if (answered >= 0) {
        return overflows(answered, "A normalised value");
      }
      return applied(current.observed(observed.batch(), next, keyed(), stamp));
    }

    private boolean entersRowByRow() {
      return current.definition().training() instanceof Training.Running running
          && running.per() == Training.Running.Per.ROW;
    }

    private Step overflows(int feature, String what) {
      String detail =
          what + " of " + current.definition().features().name(feature) + " would not be finite.";
      return refused(
          Optional.of(current),
          new InvalidInput(Subject.BATCH, Faults.of(new Fault("#", Fault.OVERFLOW, detail))));
    }

    private Step replaceAffine(NormalizerEvent.AffineReplaced replaced) {
      if (current.frozen().filter(f -> f.scope() == Freeze.Scope.ALL).isPresent()) {
        return refused(
            Optional.of(current), new StatisticsFrozen(current.name(), "gamma and beta"));
      }
      return current.affine().equals(replaced.affine())
          ? same(new Outcome.Unchanged(current))
          : audited("replace-affine", current.withAffine(replaced.affine(), keyed(), stamp));
    }

    private Step replaceDefinition(NormalizerEvent.DefinitionReplaced replaced) {
      if (!current.definition().keepsMomentsOf(replaced.definition())) {
        return refused(
            Optional.of(current),
            new DefinitionConflict(
                "Only ranges, onOutOfRange, missing, clip, epsilon, constantFeature and"
                    + " minimumBatchRows of a definition can change; the rest is what the stored"
                    + " moments depend on."));
      }
      return current.definition().equals(replaced.definition())
          ? same(new Outcome.Unchanged(current))
          : audited(
              "replace-definition", current.withDefinition(replaced.definition(), keyed(), stamp));
    }

    private Step freeze(NormalizerEvent.Frozen frozen) {
      if (current.frozen().filter(f -> f.scope() == frozen.scope()).isPresent()) {
        return same(new Outcome.Unchanged(current));
      }
      Freeze freeze = new Freeze(frozen.scope(), stamp.at(), event.envelope().reason());
      return audited("freeze", current.withFreeze(Optional.of(freeze), keyed(), stamp));
    }

    private Step unfreeze() {
      return current.isFrozen()
          ? audited("unfreeze", current.withFreeze(Optional.empty(), keyed(), stamp))
          : same(new Outcome.Unchanged(current));
    }

    private Step reset() {
      return current.isFrozen()
          ? refused(Optional.of(current), new StatisticsFrozen(current.name(), "statistics"))
          : audited("reset", current.reset(keyed(), stamp));
    }

    private boolean keyed() {
      return event.envelope().key().isPresent();
    }

    private Step same(Outcome outcome) {
      return new Step(Optional.of(current), outcome, Optional.empty(), Optional.empty());
    }

    private Step audited(String command, Normalizer after) {
      Step step = applied(after);
      return new Step(
          step.next(),
          step.outcome(),
          step.key(),
          Optional.of(audit(command, event.envelope(), after, stamp)));
    }

    private Step applied(Normalizer after) {
      Optional<AppliedKey> key =
          event
              .envelope()
              .key()
              .map(k -> new AppliedKey(k, after.keys(), after.version(), stamp.at()));
      return new Step(
          Optional.of(after), new Outcome.Applied(current, after), key, Optional.empty());
    }
  }
}
