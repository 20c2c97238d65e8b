package io.evenkeel.http.problem;

import io.evenkeel.fault.Wire;
import java.util.Collection;
import java.util.Optional;

/// What a value must be, in words for the sender.
final class JsonTypes {
  private JsonTypes() {}

  @SuppressWarnings("unchecked") // isEnum says that it is one
  private static String words(Class<?> type) {
    return "one of " + String.join(", ", Wire.words((Class<? extends Enum<?>>) type));
  }

  /// The JSON type that becomes a type of Java.
  static String of(Class<?> type) {
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
