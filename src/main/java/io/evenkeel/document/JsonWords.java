package io.evenkeel.document;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Wire;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/// What is wrong with a JSON document, and what a value in it must be, in words for its sender.
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
      case InputCoercionException _ ->
          "A whole number in the JSON is too large or too small to be read.";
      default -> syntax(e.getOriginalMessage());
    };
  }

  private static String syntax(String message) {
    Matcher duplicate = DUPLICATE.matcher(message);
    if (duplicate.lookingAt()) {
      return "The member " + Excerpt.quoted(duplicate.group(1)) + " is there twice.";
    }
    String first = ADVICE.split(message, 2)[0].strip();
    return "This is not JSON: " + (first.endsWith(".") ? first : first + ".");
  }

  @SuppressWarnings("unchecked") // isEnum says that it is one
  private static String words(Class<?> type) {
    return "one of " + String.join(", ", Wire.words((Class<? extends Enum<?>>) type));
  }

  /// What a JSON value must be to become a value of a type of Java.
  public static String mustBe(Class<?> type) {
    if (type.isEnum()) {
      return words(type);
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a string";
    }
    if (type == Optional.class) {
      return "a number or null";
    }
    if (type == double[].class) {
      return "an array of numbers";
    }
    return type.isArray() || Collection.class.isAssignableFrom(type) ? "an array" : "an object";
  }
}
