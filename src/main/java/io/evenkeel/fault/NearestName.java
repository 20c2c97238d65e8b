package io.evenkeel.fault;

import java.util.Locale;
import java.util.Optional;

/// Finds the name that somebody probably meant.
///
/// Two names are near if they are the same without case, blanks and punctuation, or if a third of
/// the letters at most must be changed, left out or added (Levenshtein's distance).
public final class NearestName {
  /// The most steps of one search, each the comparison of two letters. It takes about a
  /// millisecond.
  private static final long MOST_STEPS = 1 << 20;

  /// Longer names are not compared letter by letter.
  private static final int LONGEST = 128;

  private NearestName() {}

  /// The name nearest to `wanted`, if any is near. Of equally near names it is the first.
  public static Optional<String> of(String wanted, Iterable<String> names) {
    String plain = plain(wanted);
    String nearest = null;
    int least = Integer.MAX_VALUE;
    long steps = 0;
    for (String name : names) {
      String other = plain(name);
      int most = Math.min(least - 1, Math.max(plain.length(), other.length()) / 3);
      if (most >= 0 && Math.abs(plain.length() - other.length()) <= most) {
        steps += (long) plain.length() * other.length();
        int distance = distance(plain, other);
        if (distance <= most) {
          nearest = name;
          least = distance;
        }
      }
      steps += name.length();
      if (steps > MOST_STEPS) {
        break;
      }
    }
    return Optional.ofNullable(nearest);
  }

  private static String plain(String name) {
    StringBuilder letters = new StringBuilder();
    String lower = name.toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length() && letters.length() < LONGEST; i++) {
      if (Character.isLetterOrDigit(lower.charAt(i))) {
        letters.append(lower.charAt(i));
      }
    }
    return letters.isEmpty() ? name : letters.toString();
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
