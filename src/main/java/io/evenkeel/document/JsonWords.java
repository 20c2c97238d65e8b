package io.evenkeel.document;

import io.evenkeel.fault.Excerpt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/// What is wrong with a JSON document, in words for its sender.
public final class JsonWords {
  private static final Pattern DUPLICATE =
      Pattern.compile("Duplicate Object property \"(.*)\"", Pattern.DOTALL);
  private static final Pattern ADVICE =
      Pattern.compile("\\n|: enable|; enable| \\(enable|: maybe a \\(non-standard\\) comment");

  private JsonWords() {}

  /// What is wrong with the syntax: the parser's own sentence without its advice to programmers.
  public static String of(JacksonException e) {
    return switch (e) {
      case UnexpectedEndOfInputException _ -> "The JSON ends too early.";
      case StreamConstraintsException _ ->
          "The JSON has a number, name, string or nesting longer than allowed, or too many parts.";
      case InputCoercionException _ -> "A whole number is too large or too small to be one here.";
      default -> syntax(e.getOriginalMessage());
    };
  }

  private static String syntax(String message) {
    Matcher duplicate = DUPLICATE.matcher(message);
    if (duplicate.lookingAt()) {
      return "The member " + Excerpt.of(duplicate.group(1)) + " is there twice.";
    }
    String first = ADVICE.split(message, 2)[0].strip();
    return "This is not JSON: " + (first.endsWith(".") ? first : first + ".");
  }
}
