package io.evenkeel.codec.json;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.fault.Excerpt;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object of arrays of numbers under known names: bounds or moments.
final class JsonArrays implements JsonValue {
  private final JsonTokens tokens;
  private final String subject;
  private final List<String> names;
  private final List<String> nullable;
  private final boolean mayBeNull;
  private final MemoryShare memory;
  private final Map<String, JsonNumbers> arrays = new HashMap<>();
  private @Nullable JsonNumbers array;
  private boolean opened;

  /// @param subject what it is, as a sentence begins
  /// @param nullable those of the names that may have null instead of an array
  /// @param mayBeNull whether there may be null instead of the object
  /// @param memory that they are held in
  JsonArrays(
      JsonTokens tokens,
      String subject,
      List<String> names,
      List<String> nullable,
      boolean mayBeNull,
      MemoryShare memory) {
    this.memory = memory;
    this.tokens = tokens;
    this.subject = subject;
    this.names = names;
    this.nullable = nullable;
    this.mayBeNull = mayBeNull;
  }

  /// Whether there is an object.
  boolean isThere() {
    return opened;
  }

  /// The array of a name, or null where it did not come.
  double @Nullable [] array(String name) {
    JsonNumbers numbers = arrays.get(name);
    return numbers == null || !numbers.isThere() ? null : numbers.numbers().toArray();
  }

  @Override
  public boolean take(JsonToken token) {
    if (array != null) {
      if (array.take(token)) {
        array = null;
      }
      return false;
    }
    if (opened) {
      if (token == JsonToken.OBJECT_END) {
        return true;
      }
      array = begin(tokens.text());
      return false;
    }
    if (token == JsonToken.NULL && mayBeNull) {
      return true;
    }
    if (token != JsonToken.OBJECT_START) {
      throw tokens.expected(mayBeNull ? "an object or null" : "an object of arrays", token);
    }
    opened = true;
    return false;
  }

  private JsonNumbers begin(String name) {
    if (!names.contains(name)) {
      throw tokens.fail(
          subject
              + " have no member "
              + Excerpt.of(name)
              + ": they have "
              + String.join(", ", names)
              + ".");
    }
    JsonNumbers numbers = new JsonNumbers(tokens, nullable.contains(name), memory);
    if (arrays.put(name, numbers) != null) {
      throw tokens.fail("The member " + name + " is there twice.");
    }
    return numbers;
  }

  @Override
  public void number(double x) {
    if (array != null) {
      array.number(x);
    } else {
      take(JsonToken.NUMBER);
    }
  }
}
