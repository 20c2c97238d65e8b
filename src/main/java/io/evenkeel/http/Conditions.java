package io.evenkeel.http;

import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Precondition;
import io.evenkeel.normalizer.Precondition.Revisions;
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

  /// An element of a list of entity tags, which may be empty, and the comma behind it.
  private static final Pattern ELEMENT =
      Pattern.compile(
          "[ \\t]*(?:(?<weak>W/)?\"(?<opaque>[\\x21\\x23-\\x7e\\x80-\\xff]*)\"[ \\t]*)?(?:,|\\z)");

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

  /// Whether a read has nothing new to show: its `If-None-Match` names this state.
  ///
  /// @throws VersionMismatch if its `If-Match` does not
  /// @throws BadParameter if one of them is malformed
  public static boolean isKnown(ServerHttpRequest request, Normalizer normalizer) {
    Precondition condition = condition(request);
    require(new Precondition(condition.match(), Optional.empty()), normalizer);
    return !condition.holdsFor(normalizer.revision());
  }

  /// Holds a request that moves nothing against its conditions.
  ///
  /// @throws VersionMismatch if they exclude this state
  /// @throws BadParameter if one of them is malformed
  public static void require(ServerHttpRequest request, Normalizer normalizer) {
    require(condition(request), normalizer);
  }

  private static void require(Precondition condition, Normalizer normalizer) {
    if (!condition.holdsFor(normalizer.revision())) {
      throw VersionMismatch.unmet(normalizer);
    }
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
        condition(request),
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

  /// Which states a request lets itself be applied to. A tag that is none of ours names no state. A
  /// weak one is that of no state for `If-Match`, and that of its state for `If-None-Match` (RFC
  /// 9110, section 13.1).
  private static Precondition condition(ServerHttpRequest request) {
    Optional<Revisions> match = revisions(request, HttpHeaders.IF_MATCH, false);
    Optional<Revisions> noneMatch = revisions(request, HttpHeaders.IF_NONE_MATCH, true);
    return match.isEmpty() && noneMatch.isEmpty()
        ? Precondition.NONE
        : new Precondition(match, noneMatch);
  }

  /// Several lines of a header are one list.
  private static Optional<Revisions> revisions(
      ServerHttpRequest request, String header, boolean weakToo) {
    List<String> lines = request.getHeaders().getOrEmpty(header);
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    String list = String.join(",", lines);
    if (list.strip().equals("*")) {
      return Optional.of(new Revisions.Any());
    }
    boolean named = false;
    List<Revision> revisions = new ArrayList<>();
    Matcher element = ELEMENT.matcher(list);
    for (int at = 0; at < list.length(); at = element.end()) {
      if (!element.region(at, list.length()).lookingAt()) {
        throw malformed(header);
      }
      String opaque = element.group("opaque");
      named |= opaque != null;
      if (opaque != null && (weakToo || element.group("weak") == null)) {
        revision(opaque).ifPresent(revisions::add);
      }
    }
    if (!named) {
      throw malformed(header);
    }
    return Optional.of(new Revisions.Listed(List.copyOf(revisions)));
  }

  private static BadParameter malformed(String header) {
    return new BadParameter(
        header + " is neither * nor a list of entity tags, each in double quotes.");
  }

  private static Optional<Revision> revision(String opaque) {
    Matcher ours = OURS.matcher(opaque);
    return ours.matches() ? parse(ours) : Optional.empty();
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
