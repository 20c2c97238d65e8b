package io.evenkeel.normalizer;

import io.evenkeel.normalizer.NormalizationException.KeyReused;
import io.evenkeel.normalizer.NormalizationException.UnknownNormalizer;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import java.util.Optional;
import java.util.OptionalLong;

/// The pure fold: applies the events of the log, in their order, to the state of a normalizer.
///
/// It has no clock, no randomness and no I/O. The caller passes the entry's time and position, and
/// what is stored under its idempotency key. The same entries give the same state on every machine,
/// bit for bit.
///
/// It checks in this order: the name exists; the key was not applied before; the incarnation is
/// still the one that the request was validated against; the revision meets the condition; the
/// definition in force admits the same batches as the one that validated the batch; nothing frozen
/// would move; the result is finite.
public final class Fold {
  private Fold() {}

  /// The effect of one entry.
  ///
  /// @param next the next state, empty if the name is free then
  /// @param outcome the answer to the sender
  /// @param key a key to be stored
  /// @param audit an entry for the audit trail
  public record Step(
      Optional<Normalizer> next,
      Outcome outcome,
      Optional<AppliedKey> key,
      Optional<AuditEntry> audit) {}

  /// Folds one entry.
  ///
  /// @param current the state of the event's name, empty where it is free
  /// @param earlier the request that is stored under the event's key for this incarnation, whatever
  ///   its age. If there is none, the other request that the key of the event's stream is bound to
  public static Step step(
      Optional<Normalizer> current,
      NormalizerEvent event,
      Optional<AppliedKey> earlier,
      Stamp stamp) {
    return current
        .map(normalizer ->
            onExisting(new Transition(normalizer, event.envelope(), stamp), event, earlier))
        .orElseGet(() -> onFreeName(event, stamp));
  }

  private static Step onFreeName(NormalizerEvent event, Stamp stamp) {
    Envelope envelope = event.envelope();
    return switch (event) {
      case NormalizerEvent.Created created ->
          made(
              "create",
              Normalizer.create(envelope.name(), created.definition(), stamp),
              Optional.empty(),
              envelope,
              stamp);
      case NormalizerEvent.Imported imported ->
          made("import", Normalizer.imported(imported, stamp), envelope.key(), envelope, stamp);
      default -> refused(Optional.empty(), new UnknownNormalizer(envelope.name()));
    };
  }

  private static Step made(
      String command,
      Normalizer made,
      Optional<IdempotencyKey> key,
      Envelope envelope,
      Stamp stamp) {
    if (!envelope.condition().holdsForFreeName()) {
      return refused(
          Optional.empty(),
          new VersionMismatch(
              "There is no normalizer named "
                  + made.name().quoted()
                  + ", and If-Match asks for one; leave the header out to create it.",
              true));
    }
    return new Step(
        Optional.of(made),
        new Outcome.Created(made),
        key.map(k -> new AppliedKey(k, made.keys(), made.version(), stamp.at())),
        Optional.of(audit(command, envelope, made, stamp)));
  }

  private static Step refused(Optional<Normalizer> current, NormalizationException problem) {
    return new Step(current, new Outcome.Refused(problem), Optional.empty(), Optional.empty());
  }

  static AuditEntry audit(String command, Envelope envelope, Normalizer after, Stamp stamp) {
    return new AuditEntry(
        stamp.position(),
        stamp.at(),
        envelope.actor(),
        command,
        after.name(),
        after.version(),
        envelope.reason());
  }

  private static Step onExisting(
      Transition at, NormalizerEvent event, Optional<AppliedKey> earlier) {
    return keyApplied(at, earlier).or(() -> conditionMissed(at)).orElseGet(() -> decide(at, event));
  }

  private static Optional<Step> keyApplied(Transition at, Optional<AppliedKey> earlier) {
    return earlier
        .filter(key -> key.isRemembered(at.current().keys(), at.stamp().at()))
        .map(key ->
            at.envelope().key().filter(key.key()::isSame).isPresent()
                ? at.same(new Outcome.Duplicate(at.current(), key.version()))
                : at.refused(new KeyReused(key.version())));
  }

  private static Optional<Step> conditionMissed(Transition at) {
    Revision revision = at.current().revision();
    OptionalLong incarnation = at.envelope().incarnation();
    if (incarnation.isPresent() && incarnation.getAsLong() != revision.incarnation()) {
      return Optional.of(at.refused(VersionMismatch.recreated(at.current().name())));
    }
    if (!at.envelope().expects(revision)) {
      return Optional.of(at.refused(VersionMismatch.unmet(at.current())));
    }
    return Optional.empty();
  }

  private static Step decide(Transition at, NormalizerEvent event) {
    StatisticsFold statistics = new StatisticsFold(at);
    DefinitionFold definition = new DefinitionFold(at);
    SnapshotFold snapshots = new SnapshotFold(at);
    return switch (event) {
      case NormalizerEvent.Created created -> definition.exists(created);
      case NormalizerEvent.Imported _ -> definition.nameTaken();
      case NormalizerEvent.Deleted _ -> at.deleted();
      case NormalizerEvent.Observed observed -> statistics.observe(observed);
      case NormalizerEvent.Merged merged -> statistics.merge(merged);
      case NormalizerEvent.Reset _ -> statistics.reset();
      case NormalizerEvent.StatisticsReplaced replaced -> statistics.replace(replaced);
      case NormalizerEvent.AffineReplaced replaced -> definition.replaceAffine(replaced);
      case NormalizerEvent.AffineStepped stepped -> definition.stepAffine(stepped);
      case NormalizerEvent.DefinitionReplaced replaced -> definition.replace(replaced);
      case NormalizerEvent.Frozen frozen -> statistics.freeze(frozen);
      case NormalizerEvent.Unfrozen _ -> statistics.unfreeze();
      case NormalizerEvent.SnapshotTaken taken -> snapshots.take(taken);
      case NormalizerEvent.SnapshotDeleted deleted -> snapshots.delete(deleted);
      case NormalizerEvent.Restored restored -> snapshots.restore(restored);
      case NormalizerEvent.ServingReplaced replaced -> snapshots.serve(replaced);
    };
  }
}
