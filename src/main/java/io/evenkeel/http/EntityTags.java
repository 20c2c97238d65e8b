package io.evenkeel.http;

import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Precondition;
import io.evenkeel.normalizer.Precondition.Revisions;
import io.evenkeel.normalizer.Revision;
import io.evenkeel.normalizer.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Revisions as clients name them: `"<incarnation>-<version>"`, both numbers in base 36. Clients
/// must not read anything from a tag.
public final class EntityTags {
  /// An element of a list of entity tags, which may be empty, and the comma behind it.
  private static final Pattern ELEMENT =
      Pattern.compile(
          "[ \\t]*(?:(?<weak>W/)?\"(?<opaque>[\\x21\\x23-\\x7e\\x80-\\xff]*)\"[ \\t]*)?(?:,|\\z)");

  /// The tag of a compressed answer ends in the coding.
  private static final Pattern OURS =
      Pattern.compile("([0-9a-z]{1,13})-([0-9a-z]{1,13})(?:-(?:gzip|deflate|zstd))?");

  private static final int RADIX = 36;

  private EntityTags() {}

  /// The tag of a state.
  public static String of(Normalizer normalizer) {
    Revision revision = normalizer.revision();
    return '"'
        + Long.toString(revision.incarnation(), RADIX)
        + '-'
        + Long.toString(revision.version(), RADIX)
        + '"';
  }

  /// The tag of a state with its snapshots, which the tag of the state leaves out.
  public static String ofWhole(Normalizer normalizer) {
    long snapshots = 1;
    for (Snapshot snapshot : normalizer.snapshots().all()) {
      snapshots = 31 * snapshots + snapshot.position();
    }
    String state = of(normalizer);
    return state.substring(0, state.length() - 1) + '-' + Long.toString(snapshots, RADIX) + '"';
  }

  /// Which states a request lets itself be applied to, by lists of tags (RFC 9110, section 13.1). A
  /// tag that this service never gave names no state. For `If-Match` a weak tag names no state
  /// either.
  ///
  /// @param match the lines of `If-Match`; none without a condition
  /// @param noneMatch the lines of `If-None-Match`; none without a condition
  /// @throws BadParameter if one of them is malformed
  public static Precondition precondition(List<String> match, List<String> noneMatch) {
    return match.isEmpty() && noneMatch.isEmpty()
        ? Precondition.NONE
        : new Precondition(
            revisions("If-Match", match, false), revisions("If-None-Match", noneMatch, true));
  }

  /// Several lines are one list.
  private static Optional<Revisions> revisions(String header, List<String> lines, boolean weakToo) {
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
        "The header "
            + header
            + " must be * or the ETag of an answer, in its double quotes; several have commas"
            + " between them.");
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
}
