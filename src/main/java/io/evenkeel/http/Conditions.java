package io.evenkeel.http;

import io.evenkeel.http.RequestException.BadParameter;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Revision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/// What a request's headers say beside its body: under which revisions (`If-Match`,
/// `If-None-Match`), and with which `Idempotency-Key`.
///
/// An entity tag is `"<incarnation>-<version>"`, opaque to clients.
public final class Conditions {
  /// The header of a key.
  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  /// The header that tells a repeated request from a first one.
  public static final String IDEMPOTENCY_REPLAYED = "Idempotency-Replayed";

  /// The header of a version.
  public static final String VERSION = "Normalizer-Version";

  private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"");
  private static final Pattern TAGS =
      Pattern.compile("\\s*(W/)?\"[^\"]*\"(\\s*,\\s*(W/)?\"[^\"]*\")*\\s*");
  private static final Pattern OURS = Pattern.compile("([0-9a-z]{1,13})-([0-9a-z]{1,13})");
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final int RADIX = 36;

  private Conditions() {}

  /// The entity tag of a state.
  public static String entityTag(Normalizer normalizer) {
    Revision revision = normalizer.revision();
    return '"'
        + Long.toString(revision.incarnation(), RADIX)
        + '-'
        + Long.toString(revision.version(), RADIX)
        + '"';
  }

  /// Whether `If-None-Match` names this state.
  public static boolean isKnown(ServerHttpRequest request, Normalizer normalizer) {
    List<String> tags = request.getHeaders().getOrEmpty(HttpHeaders.IF_NONE_MATCH);
    String tag = entityTag(normalizer);
    return tags.stream()
        .anyMatch(value ->
            value.strip().equals("*")
                || TAG.matcher(value).results().anyMatch(m -> tag.equals('"' + m.group(2) + '"')));
  }

  /// The envelope of a request for a name.
  ///
  /// @param key of the request, where it has one
  public static Envelope envelope(
      ServerHttpRequest request,
      NormalizerName name,
      Optional<IdempotencyKey> key,
      Optional<String> reason) {
    return new Envelope(
        name,
        UUID.randomUUID(),
        OptionalLong.empty(),
        expected(request),
        key,
        Caller.of(request).actor(),
        reason);
  }

  /// The envelope of a batch.
  ///
  /// @param key the hash of its key
  /// @param fingerprint that has seen all of it, where it has a key
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

  /// The revisions that `If-Match` allows. A tag that is none of ours, or is weak, matches nothing,
  /// nor does a list that is none.
  private static Optional<List<Revision>> expected(ServerHttpRequest request) {
    List<String> values = request.getHeaders().getOrEmpty(HttpHeaders.IF_MATCH);
    if (values.isEmpty() || values.stream().anyMatch(value -> value.strip().equals("*"))) {
      return Optional.empty();
    }
    List<Revision> revisions = new ArrayList<>();
    for (String value : values) {
      if (!TAGS.matcher(value).matches()) {
        return Optional.of(List.of());
      }
      Matcher tag = TAG.matcher(value);
      while (tag.find()) {
        Matcher ours = OURS.matcher(tag.group(2));
        if (tag.group(1) == null && ours.matches()) {
          parse(ours).ifPresent(revisions::add);
        }
      }
    }
    return Optional.of(revisions);
  }

  private static Optional<Revision> parse(Matcher tag) {
    try {
      return Optional.of(
          new Revision(Long.parseLong(tag.group(1), RADIX), Long.parseLong(tag.group(2), RADIX)));
    } catch (NumberFormatException beyondLong) {
      return Optional.empty();
    }
  }

  /// Whether the request names revisions at all.
  public static boolean hasExpected(ServerHttpRequest request) {
    return request.getHeaders().containsHeader(HttpHeaders.IF_MATCH);
  }

  /// The hash of the request's key.
  ///
  /// @throws BadParameter if the key is not 1 to 255 visible ASCII characters
  public static Optional<Digest> keyHash(ServerHttpRequest request) {
    List<String> keys = request.getHeaders().getOrEmpty(IDEMPOTENCY_KEY);
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    if (keys.size() > 1 || !KEY.matcher(keys.getFirst()).matches()) {
      throw new BadParameter("An Idempotency-Key is 1 to 255 visible ASCII characters.");
    }
    MessageDigest sha = Digest.sha256();
    sha.update(keys.getFirst().getBytes(StandardCharsets.US_ASCII));
    return Optional.of(Digest.of(sha));
  }

  /// A fingerprint that has seen operation, query and media type; the body is to follow.
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
