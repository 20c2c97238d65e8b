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
/// @param expected the revisions of which the normalizer must be in one (`If-Match`); empty: any
/// @param key to count the request once
/// @param actor who asked
/// @param reason why, for the audit trail
public record Envelope(
    NormalizerName name,
    UUID requestId,
    OptionalLong incarnation,
    Optional<List<Revision>> expected,
    Optional<IdempotencyKey> key,
    Optional<String> actor,
    Optional<String> reason) {

  /// The same, for the creation of the name that the request was validated against.
  public Envelope forIncarnation(long incarnation) {
    return new Envelope(
        name, requestId, OptionalLong.of(incarnation), expected, key, actor, reason);
  }

  /// The same with a key.
  public Envelope withKey(IdempotencyKey key) {
    return new Envelope(name, requestId, incarnation, expected, Optional.of(key), actor, reason);
  }

  /// The same, to be applied to whatever revision there is.
  public Envelope unconditional() {
    return new Envelope(name, requestId, incarnation, Optional.empty(), key, actor, reason);
  }

  /// Whether the sender lets it be applied to this revision.
  boolean expects(Revision revision) {
    return expected.isEmpty() || expected.get().contains(revision);
  }

  /// The same, to be applied to this very revision only.
  public Envelope forRevision(Revision revision) {
    return new Envelope(
        name,
        requestId,
        OptionalLong.of(revision.incarnation()),
        Optional.of(List.of(revision)),
        key,
        actor,
        reason);
  }
}
