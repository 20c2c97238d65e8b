package io.evenkeel.simulator;

import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Precondition;
import io.evenkeel.normalizer.Revision;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// What a client wants, however often it says so.
///
/// @param number of the request in the run
/// @param word what it is, for the trace
/// @param key the client's, if it gives one
/// @param expected the revision that the client knows and insists on, if it does
/// @param validated whether the event is for the incarnation that the request meets when it arrives
/// @param matter what the event says; empty for a reading of the audit trail
record Request(
    int number,
    String word,
    NormalizerName name,
    Optional<IdempotencyKey> key,
    Optional<Revision> expected,
    boolean validated,
    Optional<Matter> matter) {

  /// What an event says beside its envelope.
  @FunctionalInterface
  interface Matter {
    /// @param seen the state that the request meets when it arrives
    NormalizerEvent in(Envelope envelope, Optional<Normalizer> seen);
  }

  /// The event that a service makes of it.
  Optional<NormalizerEvent> event(Optional<Normalizer> seen, UUID requestId) {
    Envelope envelope =
        new Envelope(
            name,
            requestId,
            seen.filter(_ -> validated)
                .map(state -> OptionalLong.of(state.revision().incarnation()))
                .orElse(OptionalLong.empty()),
            expected.map(List::of).map(Precondition::matching).orElse(Precondition.NONE),
            key,
            Optional.of("client"),
            Optional.of(word));
    return matter.map(m -> m.in(envelope, seen));
  }

  @Override
  public String toString() {
    return "#"
        + number
        + " "
        + word
        + " "
        + name
        + key.map(k -> " key " + Long.toHexString(k.hash().low() & 0xffff)).orElse("")
        + expected.map(r -> " if " + r.incarnation() + "/" + r.version()).orElse("");
  }
}
