package io.evenkeel.fault;

import java.util.Locale;

/// Text that can be stored and sent on. It has no half of a surrogate pair, which UTF-8 cannot
/// encode, and no U+0000, with which a text ends for many programs.
public final class PlainText {
  /// The regular expression of plain text.
  public static final String PATTERN = "[^\\x00\\p{Cs}]*";

  /// The rule in words, without its subject.
  public static final String RULE = "must not contain U+0000 or half a surrogate pair";

  private PlainText() {}

  /// Whether a text is plain.
  public static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == 0 || isHalf(text, i)) {
        return false;
      }
    }
    return true;
  }

  /// The text with an escape for each control character and each half of a pair. A sentence about
  /// the text can then be sent, and shows its fault.
  public static String legible(String text) {
    StringBuilder legible = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean shown = !Character.isISOControl(c) && !isHalf(text, i);
      if (!shown && legible == null) {
        legible = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (legible != null) {
        legible.append(shown ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return legible == null ? text : legible.toString();
  }

  private static boolean isHalf(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
