package io.evenkeel.normalizer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// What every event carries beside its matter: whom it is for, from whom, and under which
/// conditions it is to be applied.
///
/// @param requestId of the request that made it, 16 bytes
/// @param incarnation the creation of the name that the request was validated against, if one
/// @param condition which states of the name it may be applied to
/// @param key to count the request once
/// @param actor who asked
/// @param reason why, for the audit trail
public record Envelope(
    NormalizerName name,
    UUID requestId,
    OptionalLong incarnation,
    Precondition condition,
    Optional<IdempotencyKey> key,
    Optional<String> actor,
    Optional<String> reason) {

  /// The same, for the creation of the name that the request was validated against.
  public Envelope forIncarnation(long incarnation) {
    return new Envelope(
        name, requestId, OptionalLong.of(incarnation), condition, key, actor, reason);
  }

  /// The same with a key.
  public Envelope withKey(IdempotencyKey key) {
    return new Envelope(name, requestId, incarnation, condition, Optional.of(key), actor, reason);
  }

  /// The same, to be applied to whatever revision there is.
  public Envelope unconditional() {
    return new Envelope(name, requestId, incarnation, Precondition.NONE, key, actor, reason);
  }

  /// Whether the sender lets it be applied to this revision.
  public boolean expects(Revision revision) {
    return condition.holdsFor(revision);
  }

  /// The same, not to be applied, whatever there is: all it can learn is that its key has been.
  public Envelope forNoRevision(long incarnation) {
    return new Envelope(
        name,
        requestId,
        OptionalLong.of(incarnation),
        Precondition.matching(List.of()),
        key,
        actor,
        reason);
  }

  /// The same, to be applied to this very revision only.
  public Envelope forRevision(Revision revision) {
    return new Envelope(
        name,
        requestId,
        OptionalLong.of(revision.incarnation()),
        Precondition.matching(List.of(revision)),
        key,
        actor,
        reason);
  }
}
