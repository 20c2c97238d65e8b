package io.evenkeel.document;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rule for the texts that mean a missing value: at most 64 of them, no two equal. Each has 1
/// to 64 characters, none of them a control character, no blank at its ends, and is no number: a
/// cell of that text would lose its value.
final class MissingTexts {
  private static final int MOST = 64;
  private static final int LONGEST = 64;
  private static final Pattern FORBIDDEN = Pattern.compile("[\\p{Cc}\\p{Cs}]");

  /// A number with a decimal point or comma, or one of the words that are read as 1 and 0.
  private static final Pattern VALUE =
      Pattern.compile("[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?|(?i:true|false)");

  private MissingTexts() {}

  /// Checks the member `na` of a definition.
  static void check(@Nullable List<String> texts, Faults faults) {
    if (texts == null) {
      return;
    }
    if (texts.size() > MOST) {
      String detail = "'na' has " + texts.size() + " texts; it must have at most " + MOST + ".";
      faults.add(new Fault("#/na", Fault.SIZE, detail));
      return;
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (text != null) {
        check("#/na/" + i, text, seen, faults);
      }
    }
  }

  private static void check(String pointer, String text, Set<String> seen, Faults faults) {
    String subject = "The text " + Excerpt.quoted(text) + " of 'na' ";
    if (text.isEmpty()) {
      String detail = "A text of 'na' is empty; leave it out: an empty cell is always missing.";
      faults.add(new Fault(pointer, Fault.SIZE, detail));
    } else if (text.length() > LONGEST) {
      String detail =
          subject + "has " + text.length() + " characters; it must have at most " + LONGEST + ".";
      faults.add(new Fault(pointer, Fault.SIZE, detail));
    } else if (FORBIDDEN.matcher(text).find()) {
      String detail = "A text of 'na' " + FeatureNames.CHARACTER_RULE + ".";
      faults.add(new Fault(pointer, Fault.PATTERN, detail));
    } else if (FeatureNames.hasOuterBlank(text)) {
      String detail =
          subject + "begins or ends with a blank; remove it: blanks around cells are not read.";
      faults.add(new Fault(pointer, Fault.PATTERN, detail));
    } else if (VALUE.matcher(text).matches()) {
      String detail =
          subject + "is a value, so it cannot mean a missing one; declare a range to refuse it.";
      faults.add(new Fault(pointer, Fault.PATTERN, detail));
    } else if (!seen.add(text)) {
      faults.add(new Fault(pointer, Fault.PATTERN, subject + "is there twice."));
    }
  }
}
