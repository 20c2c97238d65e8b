package io.evenkeel.normalizer;

import java.util.Optional;

/// Makes a request count once, however often the client sends it.
///
/// @param hash of the key the client chose
/// @param fingerprint hash of operation, query, media type and body. A request with the same key
///   and another fingerprint is refused
/// @param whole for a batch of a stream, the key of the stream. Its fingerprint covers the part
///   that all batches have in common. The first batch that counts binds the key to the stream
public record IdempotencyKey(Digest hash, Digest fingerprint, Optional<IdempotencyKey> whole) {

  /// The key of a request that is no batch of a stream.
  public IdempotencyKey(Digest hash, Digest fingerprint) {
    this(hash, fingerprint, Optional.empty());
  }

  /// Whether both are keys of the same request.
  public boolean isSame(IdempotencyKey other) {
    return hash.equals(other.hash) && fingerprint.equals(other.fingerprint);
  }
}
