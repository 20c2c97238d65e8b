package io.evenkeel.http;

import java.util.Collection;
import java.util.Optional;

/// What a value must be, in words for the sender.
final class JsonTypes {
  private JsonTypes() {}

  /// The JSON type that becomes a type of Java.
  static String of(Class<?> type) {
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
