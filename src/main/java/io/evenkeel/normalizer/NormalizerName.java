package io.evenkeel.normalizer;

import java.util.Optional;
import java.util.regex.Pattern;

/// The name of a normalizer: a lower-case letter or digit, then up to 127 of `a-z 0-9 . _ -`.
public record NormalizerName(String value) implements Comparable<NormalizerName> {
  /// The pattern of a name.
  public static final String PATTERN = "[a-z0-9][a-z0-9._-]{0,127}";

  private static final Pattern COMPILED = Pattern.compile(PATTERN);

  /// Refuses what is no name; [#parse] asks first.
  public NormalizerName {
    if (!COMPILED.matcher(value).matches()) {
      throw new IllegalArgumentException("not the name of a normalizer");
    }
  }

  /// The name, if it is one.
  public static Optional<NormalizerName> parse(String text) {
    return COMPILED.matcher(text).matches()
        ? Optional.of(new NormalizerName(text))
        : Optional.empty();
  }

  /// The name in quotes, for a sentence.
  public String quoted() {
    return "'" + value + "'";
  }

  @Override
  public int compareTo(NormalizerName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
