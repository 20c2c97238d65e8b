package io.evenkeel.codec;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/// JSON's parts in words for the sender of a body.
public final class JsonWords {
  private JsonWords() {}

  static String of(JsonToken token) {
    return switch (token) {
      case START_OBJECT, END_OBJECT -> "an object";
      case START_ARRAY, END_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      case PROPERTY_NAME -> "a member";
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "the end";
    };
  }

  /// What is wrong with the syntax: the parser's own sentence without its advice to programmers.
  public static String of(JacksonException e) {
    return switch (e) {
      case UnexpectedEndOfInputException _ -> "The JSON ends too early.";
      case StreamConstraintsException _ ->
          "The JSON has a number, name, string or nesting longer than allowed.";
      default -> "This is not JSON: " + sentence(e.getOriginalMessage());
    };
  }

  private static String sentence(String message) {
    String first = message.split("\\n|: enable|; enable| \\(enable", 2)[0];
    return first.endsWith(".") ? first : first + ".";
  }
}
