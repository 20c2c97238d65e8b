package io.evenkeel.codec.json.token;

import java.util.Arrays;

/// Which token may come next in a JSON text. Each method that answers whether a token may come
/// notes that it came, if so.
final class JsonGrammar {
  /// How many arrays and objects may be open at once.
  static final int DEEPEST = 500;

  /// Which token may come next.
  private enum Next {
    VALUE,
    VALUE_OR_END,
    MEMBER,
    MEMBER_OR_END,
    COLON,
    COMMA_OR_END,
    NOTHING
  }

  private boolean[] inObject = new boolean[8];
  private int depth;
  private Next next = Next.VALUE;

  /// How many arrays and objects are open.
  int depth() {
    return depth;
  }

  /// Whether the innermost value that is open is an array.
  boolean inArray() {
    return depth > 0 && !inObject[depth];
  }

  /// Whether the outermost value that is open is an object.
  boolean isOutermostObject() {
    return inObject[1];
  }

  /// Whether the value of the text is complete.
  boolean isComplete() {
    return next == Next.NOTHING;
  }

  /// Lets a value come next.
  void expectValue() {
    next = Next.VALUE;
  }

  boolean comma() {
    if (next != Next.COMMA_OR_END) {
      return false;
    }
    next = inObject[depth] ? Next.MEMBER : Next.VALUE;
    return true;
  }

  boolean colon() {
    if (next != Next.COLON) {
      return false;
    }
    next = Next.VALUE;
    return true;
  }

  boolean mayBeginValue() {
    return next == Next.VALUE || next == Next.VALUE_OR_END;
  }

  /// Whether a string that comes now is the name of a member.
  boolean isName() {
    return next == Next.MEMBER || next == Next.MEMBER_OR_END;
  }

  void name() {
    next = Next.COLON;
  }

  /// Opens an array or an object, which is a value that may begin.
  void open(boolean object) {
    depth++;
    if (depth == inObject.length) {
      inObject = Arrays.copyOf(inObject, 2 * depth);
    }
    inObject[depth] = object;
    next = object ? Next.MEMBER_OR_END : Next.VALUE_OR_END;
  }

  boolean close(boolean object) {
    boolean mayEnd =
        next == Next.COMMA_OR_END || next == (object ? Next.MEMBER_OR_END : Next.VALUE_OR_END);
    if (!mayEnd || inObject[depth] != object) {
      return false;
    }
    depth--;
    endValue();
    return true;
  }

  /// Notes that a value is complete.
  void endValue() {
    next = depth == 0 ? Next.NOTHING : Next.COMMA_OR_END;
  }

  /// The words for what may come next.
  String wanted() {
    return switch (next) {
      case VALUE -> "a value";
      case VALUE_OR_END -> "a value or ]";
      case MEMBER -> "a member";
      case MEMBER_OR_END -> "a member or }";
      case COLON -> "a colon";
      case COMMA_OR_END -> "a comma or " + (inObject[depth] ? "}" : "]");
      case NOTHING -> "the end";
    };
  }
}
