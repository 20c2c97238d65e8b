package io.evenkeel.codec;

import io.evenkeel.codec.RowShape.Column;
import io.evenkeel.codec.RowShape.Member;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Members of a JSON batch that are no feature: passed over, or copied to be answered as they came.
final class JsonExtras {
  private static final int MOST = 65_536;

  private final JsonFactory factory;
  private final boolean keep;
  private final Map<Integer, List<Member>> byRow = new HashMap<>();
  private final List<Column> columns = new ArrayList<>();
  private Set<String> seen = new HashSet<>();
  private @Nullable ByteArrayOutputStream copy;
  private @Nullable JsonGenerator generator;
  private String name = "";
  private int depth;

  JsonExtras(JsonFactory factory, boolean keep) {
    this.factory = factory;
    this.keep = keep;
  }

  Map<Integer, List<Member>> byRow() {
    return byRow;
  }

  List<Column> columns() {
    return columns;
  }

  /// Begins a row or the columns: names may come again. A set that has grown large would be slow to
  /// clear for each of many small rows.
  void beginObject() {
    if (!seen.isEmpty()) {
      seen = new HashSet<>();
    }
  }

  /// Begins a member; an object has at most 65,536 of them.
  ///
  /// @return false if the object has it already, or has too many
  boolean begin(String member) {
    name = member;
    depth = 0;
    if (keep) {
      copy = new ByteArrayOutputStream();
      generator = factory.createGenerator(ObjectWriteContext.empty(), copy);
    }
    return seen.size() < MOST && seen.add(member);
  }

  /// Takes the next token of the member's value.
  ///
  /// @return whether the value is complete
  boolean take(JsonParser parser, JsonToken token) {
    if (generator != null) {
      copy(parser, token, generator);
    }
    if (token.isStructStart()) {
      depth++;
    } else if (token.isStructEnd()) {
      depth--;
    }
    return depth == 0;
  }

  /// Numbers are copied by their digits: no type of Java holds every number of JSON.
  private static void copy(JsonParser parser, JsonToken token, JsonGenerator to) {
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      to.writeNumber(parser.getString());
    } else {
      to.copyCurrentEvent(parser);
    }
  }

  /// Keeps the complete member of a row, or of the columns where no row is given.
  ///
  /// @return how many characters are kept, or −1 if the member is passed over
  int end(Optional<Integer> row) {
    if (generator == null || copy == null) {
      return -1;
    }
    generator.close();
    String json = copy.toString(StandardCharsets.UTF_8);
    row.ifPresentOrElse(
        r -> byRow.computeIfAbsent(r, _ -> new ArrayList<>()).add(new Member(name, json)),
        () -> columns.add(new Column(name, -1, List.of(json))));
    generator = null;
    copy = null;
    return name.length() + json.length();
  }
}
