package io.evenkeel.normalizer;

import java.util.Optional;

/// What makes a request count once however often it is sent.
///
/// @param hash of the key the client chose
/// @param fingerprint of operation, query, media type and body: the same key with another
///   fingerprint is another request and is refused
/// @param whole the key of the stream that this is a batch of, with what its batches have in common
///   as its fingerprint: it is bound to that stream with the first batch that counts
public record IdempotencyKey(Digest hash, Digest fingerprint, Optional<IdempotencyKey> whole) {

  /// The key of a whole request.
  public IdempotencyKey(Digest hash, Digest fingerprint) {
    this(hash, fingerprint, Optional.empty());
  }

  /// Whether the other one is of the same request.
  public boolean isSame(IdempotencyKey other) {
    return hash.equals(other.hash) && fingerprint.equals(other.fingerprint);
  }
}
