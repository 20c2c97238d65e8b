package io.evenkeel.codec;

/// What a body says, short enough to be repeated in a sentence about it.
final class Excerpt {
  private static final int LONGEST = 40;

  private Excerpt() {}

  static String of(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }
}
