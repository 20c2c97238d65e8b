package io.evenkeel.http;

import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Precondition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/// The conditions in a request's headers: on which revisions it may be carried out (`If-Match`,
/// `If-None-Match`), and the key that has it counted once (`Idempotency-Key`). This class reads the
/// headers; [EntityTags], [Precondition] and [IdempotencyKey] are the values.
public final class Conditions {
  /// The request header of a key.
  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  /// The response header that says that the key had been applied before.
  public static final String IDEMPOTENCY_REPLAYED = "Idempotency-Replayed";

  /// The response header of a version.
  public static final String VERSION = "Normalizer-Version";

  private Conditions() {}

  /// Whether the client knows the state already: its `If-None-Match` names it.
  ///
  /// @throws VersionMismatch if `If-Match` does not name the state
  /// @throws BadParameter if one of them is malformed
  public static boolean isKnown(ServerHttpRequest request, Normalizer normalizer) {
    Precondition condition = condition(request);
    new Precondition(condition.match(), Optional.empty()).require(normalizer);
    return !condition.holdsFor(normalizer.revision());
  }

  /// Checks the conditions of a request that changes nothing.
  ///
  /// @throws VersionMismatch if they exclude this state
  /// @throws BadParameter if one of them is malformed
  public static void require(ServerHttpRequest request, Normalizer normalizer) {
    condition(request).require(normalizer);
  }

  /// The envelope of a request for a normalizer.
  ///
  /// @param key empty if the request has none
  public static Envelope envelope(
      ServerHttpRequest request,
      NormalizerName name,
      Optional<IdempotencyKey> key,
      Optional<String> reason) {
    return new Envelope(
        name,
        UUID.randomUUID(),
        OptionalLong.empty(),
        condition(request),
        key,
        Callers.of(request).actor(),
        reason);
  }

  /// The envelope of a batch.
  ///
  /// @param key the hash of its key; empty if it has none
  /// @param fingerprint has seen the whole body; empty if the batch has no key
  public static Envelope envelope(
      ServerHttpRequest request,
      NormalizerName name,
      Optional<Digest> key,
      Optional<MessageDigest> fingerprint,
      Optional<String> reason) {
    Optional<IdempotencyKey> whole =
        key.flatMap(hash -> fingerprint.map(digest -> new IdempotencyKey(hash, Digest.of(digest))));
    return envelope(request, name, whole, reason);
  }

  private static Precondition condition(ServerHttpRequest request) {
    HttpHeaders headers = request.getHeaders();
    return EntityTags.precondition(
        headers.getOrEmpty(HttpHeaders.IF_MATCH), headers.getOrEmpty(HttpHeaders.IF_NONE_MATCH));
  }

  /// Whether the request has an `If-Match`.
  public static boolean hasExpected(ServerHttpRequest request) {
    return request.getHeaders().containsHeader(HttpHeaders.IF_MATCH);
  }

  /// The hash of the request's key; empty if it has none.
  ///
  /// @throws BadParameter if the key is not 1 to 255 visible ASCII characters
  public static Optional<Digest> keyHash(ServerHttpRequest request) {
    List<String> keys = request.getHeaders().getOrEmpty(IDEMPOTENCY_KEY);
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    Optional<Digest> hash = IdempotencyKey.hashOf(keys.getFirst()).filter(_ -> keys.size() == 1);
    if (hash.isEmpty()) {
      throw new BadParameter(
          "There must be one Idempotency-Key, of 1 to 255 visible ASCII characters.");
    }
    return hash;
  }

  /// A fingerprint of method, path, query and media type. The caller adds the body.
  public static MessageDigest fingerprint(ServerHttpRequest request) {
    MessageDigest sha = Digest.sha256();
    String head =
        request.getMethod().name()
            + ' '
            + request.getPath().value()
            + '?'
            + request.getURI().getRawQuery()
            + '\n'
            + request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE)
            + '\n';
    sha.update(head.getBytes(StandardCharsets.UTF_8));
    return sha;
  }
}
