package io.evenkeel.normalizer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// The part that all events have in common: which normalizer is meant, who asks, and under which
/// conditions the event may be applied.
///
/// @param requestId of the request that made it, 16 bytes
/// @param incarnation the creation of the name that the request was validated against, if it was
/// @param condition the states of the name that the event may be applied to
/// @param key makes the request count once
/// @param actor who asked
/// @param reason why, for the audit trail
/// @param place its place among the batches of a stream that are under way at the same time, if it
///   has one. The event is refused if the batch before it was
public record Envelope(
    NormalizerName name,
    UUID requestId,
    OptionalLong incarnation,
    Precondition condition,
    Optional<IdempotencyKey> key,
    Optional<String> actor,
    Optional<String> reason,
    Optional<Succession.Place> place) {

  /// The envelope of an event that follows no other.
  public Envelope(
      NormalizerName name,
      UUID requestId,
      OptionalLong incarnation,
      Precondition condition,
      Optional<IdempotencyKey> key,
      Optional<String> actor,
      Optional<String> reason) {
    this(name, requestId, incarnation, condition, key, actor, reason, Optional.empty());
  }

  /// The same envelope for a request that was validated against this incarnation.
  public Envelope forIncarnation(long incarnation) {
    return new Envelope(
        name, requestId, OptionalLong.of(incarnation), condition, key, actor, reason, place);
  }

  /// The same envelope with a key.
  public Envelope withKey(IdempotencyKey key) {
    return new Envelope(
        name, requestId, incarnation, condition, Optional.of(key), actor, reason, place);
  }

  /// The same envelope without a condition.
  public Envelope unconditional() {
    return new Envelope(name, requestId, incarnation, Precondition.NONE, key, actor, reason, place);
  }

  /// Whether the condition admits this revision.
  public boolean expects(Revision revision) {
    return condition.holdsFor(revision);
  }

  /// The same envelope with a condition that no revision meets. Its event is never applied; it can
  /// only find out that its key was applied before.
  public Envelope forNoRevision(long incarnation) {
    return new Envelope(
        name,
        requestId,
        OptionalLong.of(incarnation),
        Precondition.matching(List.of()),
        key,
        actor,
        reason,
        place);
  }

  /// The same envelope with a condition that only this revision meets.
  public Envelope forRevision(Revision revision) {
    return new Envelope(
        name,
        requestId,
        OptionalLong.of(revision.incarnation()),
        Precondition.matching(List.of(revision)),
        key,
        actor,
        reason,
        place);
  }

  /// The same envelope for a batch that is handed to the log before the one in front of it is
  /// answered.
  public Envelope at(Succession.Place next) {
    return new Envelope(
        name, requestId, incarnation, condition, key, actor, reason, Optional.of(next));
  }
}
