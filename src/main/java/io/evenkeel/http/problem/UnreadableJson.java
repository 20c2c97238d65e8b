package io.evenkeel.http.problem;

import io.evenkeel.document.JsonWords;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Pointers;
import io.evenkeel.http.problem.Refusal.Place;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// What is wrong with a JSON document that Jackson could not read.
final class UnreadableJson {
  private UnreadableJson() {}

  static Refusal refusal(JacksonException error) {
    return Refusal.unreadable(words(error), place(error.getLocation()));
  }

  private static Place place(@Nullable TokenStreamLocation location) {
    return location == null
        ? Place.BEGINNING
        : new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }

  private static String words(JacksonException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof StreamReadException syntax) {
        return JsonWords.of(syntax);
      }
    }
    return switch (error) {
      case UnrecognizedPropertyException e ->
          "There is no member " + Excerpt.quoted(e.getPropertyName()) + " here.";
      case DatabindException e when isBehindTheValue(e) -> "Nothing may follow the body's value.";
      case MismatchedInputException e when isAbsent(e) ->
          "A required member is missing at " + path(e) + ".";
      case MismatchedInputException e when e.getTargetType() != null ->
          "The value at " + path(e) + " must be " + JsonWords.mustBe(e.getTargetType()) + ".";
      case DatabindException e ->
          "The value at " + path(e) + " has the wrong JSON type, or too few or too many parts.";
      default -> JsonWords.of(error);
    };
  }

  /// The parser stands at the second value of the body.
  private static boolean isBehindTheValue(DatabindException error) {
    if (!(error.processor() instanceof JsonParser parser)) {
      return false;
    }
    TokenStreamContext root = parser.streamReadContext();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    return root.getCurrentIndex() > 0;
  }

  /// The error names a member inside of the object at whose end the parser stands. For a member
  /// that is there, the parser stands at its value, which is as deep as the error's path.
  private static boolean isAbsent(MismatchedInputException error) {
    if (!(error.processor() instanceof JsonParser parser)) {
      return false;
    }
    int depth = 0;
    for (TokenStreamContext at = parser.streamReadContext();
        at.getParent() != null;
        at = at.getParent()) {
      depth += at.hasPathSegment() ? 1 : 0;
    }
    return error.getPath().size() > depth;
  }

  private static String path(DatabindException error) {
    StringBuilder pointer = new StringBuilder("#");
    for (JacksonException.Reference step : error.getPath()) {
      String name = step.getPropertyName();
      pointer.append('/').append(name == null ? step.getIndex() : Pointers.escape(name));
    }
    return pointer.toString();
  }
}
