package io.evenkeel.document;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rule for the names of a normalizer's features: each has 1 to 128 characters, none of them a
/// control character or half a surrogate pair, none a byte order mark, none at either end a blank,
/// and no two are equal. Used for one body.
public final class FeatureNames {
  /// The most characters of a name.
  static final int LONGEST = 128;

  /// What a name without forbidden characters looks like.
  static final String ALLOWED = "[^\\p{Cc}\\p{Cs}]*";

  /// The rule for the length, without its subject.
  static final String LENGTH_RULE = "must have 1 to " + LONGEST + " characters";

  /// The rule for the characters, without its subject.
  static final String CHARACTER_RULE =
      "must not contain control characters or half a surrogate pair";

  private static final Pattern NAME = Pattern.compile(ALLOWED);
  private static final String SUBJECT = "The name of a feature ";
  private static final String NAME_OF = "The feature name ";
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Set<String> seen = new HashSet<>();

  /// Checks the next name against the whole rule.
  public void check(String pointer, @Nullable String name, Faults faults) {
    if (name == null) {
      faults.add(new Fault(pointer, Fault.NOT_NULL, SUBJECT + "must not be null."));
    } else if (name.isEmpty() || name.length() > LONGEST) {
      faults.add(new Fault(pointer, Fault.SIZE, SUBJECT + LENGTH_RULE + "."));
    } else if (!NAME.matcher(name).matches()) {
      faults.add(new Fault(pointer, Fault.PATTERN, SUBJECT + CHARACTER_RULE + "."));
    } else {
      unseen(pointer, name).or(() -> duplicate(pointer, name)).ifPresent(faults::add);
    }
  }

  /// The fault of a name with characters that nobody sees: blanks at its ends, or a byte order
  /// mark. They come with names that were copied from a file's header, and no other file has them.
  static Optional<Fault> unseen(String pointer, String name) {
    if (name.indexOf(BYTE_ORDER_MARK) >= 0) {
      String detail =
          NAME_OF
              + Excerpt.quoted(name.replace(Character.toString(BYTE_ORDER_MARK), ""))
              + " has a byte order mark (U+FEFF) in it; remove it.";
      return Optional.of(new Fault(pointer, Fault.PATTERN, detail));
    }
    if (hasOuterBlank(name)) {
      String detail =
          NAME_OF + Excerpt.quoted(name) + " begins or ends with a blank; remove the blank.";
      return Optional.of(new Fault(pointer, Fault.PATTERN, detail));
    }
    return Optional.empty();
  }

  /// Whether a text that is not empty begins or ends with a blank of any kind.
  static boolean hasOuterBlank(String text) {
    return isBlank(text.codePointAt(0)) || isBlank(text.codePointBefore(text.length()));
  }

  private static boolean isBlank(int character) {
    return Character.isWhitespace(character) || Character.isSpaceChar(character);
  }

  /// The fault of the next name if an earlier name equals it.
  Optional<Fault> duplicate(String pointer, String name) {
    if (seen.add(name)) {
      return Optional.empty();
    }
    String detail = "Another feature has the name " + Excerpt.quoted(name) + ".";
    return Optional.of(new Fault(pointer, Fault.DUPLICATE_FEATURE, detail));
  }
}
