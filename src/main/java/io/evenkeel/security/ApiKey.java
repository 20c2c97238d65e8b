package io.evenkeel.security;

import io.evenkeel.fault.Wire;
import io.evenkeel.http.Caller;
import io.evenkeel.http.Role;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A key that is known only by its hash. A key must be at least 16 random bytes: the hash is quick,
/// since each request needs one, and would not hide a word that can be guessed.
final class ApiKey {
  private static final Pattern LINE =
      Pattern.compile(
          "(?<name>[A-Za-z0-9._@-]{1,64})\\s+(?<role>[a-z]+)\\s+sha256:(?<hash>[0-9a-fA-F]{64})"
              + "(\\s+(?<prefix>\\S*))?");
  private static final Pattern PREFIX = Pattern.compile("[a-z0-9][a-z0-9._-]{0,125}\\.");

  private final Caller caller;
  private final byte[] sha256;

  private ApiKey(Caller caller, byte[] sha256) {
    this.caller = caller;
    this.sha256 = sha256;
  }

  /// Reads `NAME ROLE sha256:HASH [PREFIX]`.
  ///
  /// @throws IllegalArgumentException with what is wrong, but without the line: somebody might have
  ///   put the key itself into it
  static ApiKey parse(String line) {
    Matcher parts = LINE.matcher(line.stripLeading());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "it has to be NAME ROLE sha256:HASH [PREFIX], the hash 64 hexadecimal digits");
    }
    String word = parts.group("role");
    Role role =
        Wire.parse(Role.class, word)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no role " + word + "; there are " + Wire.words(Role.class)));
    String given = parts.group("prefix");
    return new ApiKey(
        new Caller(
            Optional.of("key:" + parts.group("name")), role, given == null ? "" : prefix(given)),
        HexFormat.of().parseHex(parts.group("hash").toLowerCase(Locale.ROOT)));
  }

  /// The prefix that limits a caller. It ends with a dot, so that `team-a.` does not reach
  /// `team-ab.x`. An empty prefix is refused: left empty by mistake, it would let the caller reach
  /// all normalizers.
  ///
  /// @throws IllegalArgumentException with what is wrong
  static String prefix(String given) {
    if (given.isEmpty()) {
      throw new IllegalArgumentException(
          "its prefix is empty; leave it out, and the blanks before it, to reach all normalizers");
    }
    if (!PREFIX.matcher(given).matches()) {
      throw new IllegalArgumentException(
          "a prefix has to be the beginning of a normalizer's name and end with a dot");
    }
    return given;
  }

  Caller caller() {
    return caller;
  }

  /// Whether the key has this hash. The time does not depend on where the two differ.
  boolean hasHash(byte[] other) {
    return MessageDigest.isEqual(sha256, other);
  }
}
