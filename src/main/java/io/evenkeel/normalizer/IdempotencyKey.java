package io.evenkeel.normalizer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Pattern;

/// Makes a request count once, however often the client sends it.
///
/// @param hash of the key the client chose
/// @param fingerprint hash of operation, query, media type and body. A request with the same key
///   and another fingerprint is refused
/// @param whole for a batch of a stream, the key of the stream. Its fingerprint covers the part
///   that all batches have in common. The first batch that counts binds the key to the stream
public record IdempotencyKey(Digest hash, Digest fingerprint, Optional<IdempotencyKey> whole) {

  private static final Pattern TEXT = Pattern.compile("[\\x21-\\x7e]{1,255}");

  /// The key of a request that is no batch of a stream.
  public IdempotencyKey(Digest hash, Digest fingerprint) {
    this(hash, fingerprint, Optional.empty());
  }

  /// The hash of a key as the client spells it; empty if it is not 1 to 255 visible ASCII
  /// characters.
  public static Optional<Digest> hashOf(String text) {
    if (!TEXT.matcher(text).matches()) {
      return Optional.empty();
    }
    MessageDigest sha = Digest.sha256();
    sha.update(text.getBytes(StandardCharsets.US_ASCII));
    return Optional.of(Digest.of(sha));
  }

  /// Whether both are keys of the same request.
  public boolean isSame(IdempotencyKey other) {
    return hash.equals(other.hash) && fingerprint.equals(other.fingerprint);
  }
}
