package io.evenkeel.fault;

/// Text of a request, shortened so that a sentence can repeat it.
public final class Excerpt {
  private static final int LONGEST = 40;

  private Excerpt() {}

  /// The text, or its beginning, in quotes: a name in a sentence.
  public static String quoted(String text) {
    return "'" + of(text) + "'";
  }

  /// The text, or its beginning if it is long.
  public static String of(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    // not between the halves of a surrogate pair
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return text.substring(0, end) + "...";
  }
}
