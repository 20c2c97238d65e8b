package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.fault.Excerpt;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads an object whose members are known by name, each at most once.
public final class JsonMembers implements JsonValue {
  private final JsonStack stack;
  private final String subject;
  private final boolean nullable;
  private final Collection<String> names;
  private final Function<String, JsonValue> reader;
  private final @Nullable Function<String, Optional<String>> refusal;
  private final Map<String, JsonValue> values = new HashMap<>();
  private boolean opened;
  private String remedy = "";

  /// @param subject begins a sentence about several such objects
  /// @param nullable whether there may be null instead of the object
  /// @param members what reads the value of each member
  public JsonMembers(
      JsonStack stack, String subject, boolean nullable, Map<String, JsonValue> members) {
    this(
        stack,
        subject,
        nullable,
        new TreeSet<>(members.keySet()),
        name -> Objects.requireNonNull(members.get(name)));
  }

  /// The same, but the reader of a value is made when its member comes.
  ///
  /// @param reader makes it, or refuses the member
  JsonMembers(
      JsonStack stack,
      String subject,
      boolean nullable,
      Collection<String> names,
      Function<String, JsonValue> reader) {
    this(stack, subject, nullable, names, reader, null);
  }

  private JsonMembers(
      JsonStack stack,
      String subject,
      boolean nullable,
      Collection<String> names,
      Function<String, JsonValue> reader,
      @Nullable Function<String, Optional<String>> refusal) {
    this.stack = stack;
    this.subject = subject;
    this.nullable = nullable;
    this.names = names;
    this.reader = reader;
    this.refusal = refusal;
  }

  /// Reads an object, or null, that may have other members, too. These are passed over.
  ///
  /// @param members what reads the value of each known member
  /// @param refusal the sentence that refuses a member that must not be passed over
  public static JsonMembers amongOthers(
      JsonStack stack, Map<String, JsonValue> members, Function<String, Optional<String>> refusal) {
    return new JsonMembers(
        stack,
        "",
        true,
        members.keySet(),
        name -> Objects.requireNonNull(members.get(name)),
        refusal);
  }

  /// Tells what to do where a member is not known.
  ///
  /// @param sentence behind a space, or nothing
  JsonMembers orElse(String sentence) {
    remedy = sentence;
    return this;
  }

  /// Whether no member has come.
  boolean isEmpty() {
    return values.isEmpty();
  }

  /// Whether a member has come.
  boolean has(String name) {
    return values.containsKey(name);
  }

  /// The numbers of a member that is an array; null if the member did not come or is null.
  double @Nullable [] array(String name) {
    return values.get(name) instanceof JsonNumbers numbers && numbers.isThere()
        ? numbers.numbers().toArray()
        : null;
  }

  @Override
  public boolean take(JsonToken token) {
    if (!opened) {
      if (token == JsonToken.NULL && nullable) {
        return true;
      }
      if (token != JsonToken.OBJECT_START) {
        throw stack.present().expected(nullable ? "an object or null" : "an object", token);
      }
      opened = true;
      return false;
    }
    if (token == JsonToken.OBJECT_END) {
      return true;
    }
    stack.begin(member(stack.present().text()));
    return false;
  }

  private JsonValue member(String name) {
    if (refusal != null && !names.contains(name)) {
      refusal
          .apply(name)
          .ifPresent(sentence -> {
            throw stack.present().fail(sentence);
          });
      return new JsonIgnored(stack);
    }
    if (!names.contains(name)) {
      throw stack
          .present()
          .fail(
              subject
                  + " have no member "
                  + Excerpt.quoted(name)
                  + "; they have "
                  + String.join(", ", names)
                  + "."
                  + remedy);
    }
    if (values.containsKey(name)) {
      throw stack.present().twice(name);
    }
    JsonValue value = reader.apply(name);
    values.put(name, value);
    return value;
  }

  @Override
  public void number(double x) {
    take(JsonToken.NUMBER);
  }
}
