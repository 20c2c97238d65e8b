package io.evenkeel.validation;

/// What a request says, short enough to be repeated in a sentence about it.
public final class Excerpt {
  private static final int LONGEST = 40;

  private Excerpt() {}

  /// The text, or its beginning.
  public static String of(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }
}
