package io.evenkeel.codec.json;

import io.evenkeel.fault.Excerpt;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// An object whose members are known by name, each at most once.
public final class JsonMembers implements JsonValue {
  private final JsonStack stack;
  private final String subject;
  private final boolean nullable;
  private final Map<String, JsonValue> members;
  private final Set<String> seen = new HashSet<>();
  private boolean opened;

  /// @param subject what it is, as a sentence about several begins
  /// @param nullable whether there may be null instead of the object
  public JsonMembers(
      JsonStack stack, String subject, boolean nullable, Map<String, JsonValue> members) {
    this.stack = stack;
    this.subject = subject;
    this.nullable = nullable;
    this.members = new TreeMap<>(members);
  }

  @Override
  public boolean take(JsonToken token) {
    if (!opened) {
      if (token == JsonToken.NULL && nullable) {
        return true;
      }
      if (token != JsonToken.OBJECT_START) {
        throw stack.tokens().expected(nullable ? "an object or null" : "an object", token);
      }
      opened = true;
      return false;
    }
    if (token == JsonToken.OBJECT_END) {
      return true;
    }
    stack.begin(member(stack.tokens().text()));
    return false;
  }

  private JsonValue member(String name) {
    JsonValue member = members.get(name);
    if (member == null) {
      throw stack
          .tokens()
          .fail(
              subject
                  + " have no member "
                  + Excerpt.of(name)
                  + "; they have "
                  + String.join(", ", members.keySet())
                  + ".");
    }
    if (!seen.add(name)) {
      throw stack.tokens().fail("The member " + name + " is there twice.");
    }
    return member;
  }

  @Override
  public void number(double x) {
    take(JsonToken.NUMBER);
  }
}
