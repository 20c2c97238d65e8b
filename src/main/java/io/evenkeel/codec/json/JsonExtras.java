package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.json.token.PresentToken;
import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.KeptValues;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.codec.rows.RowShape.Member;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.PlainText;
import io.evenkeel.fault.Pointers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the members of a JSON batch that are no feature. They are passed over, or copied without
/// their white space so that the answer can repeat them.
final class JsonExtras {
  /// The most members of an object that are no feature.
  static final int MOST = 65_536;

  /// While a value is copied, memory for this many copies of it is reserved.
  private static final int COPIES = 3;

  /// How many bytes a name takes beside its characters.
  private static final int OF_NAME = 96;

  private final boolean keep;
  private final MemoryShare memory;
  private Map<Integer, List<Member>> byRow = new HashMap<>();
  private final List<Column> columns = new ArrayList<>();
  private Set<String> seen = new LinkedHashSet<>();
  private long ofSeen;
  private ByteSink copy = new ByteSink(0);
  private String name = "";
  private boolean plain = true;
  private boolean separated = true;
  private int depth;
  private long copied;

  /// @param keep whether members are copied
  /// @param memory for names and for the copy that is being made
  JsonExtras(boolean keep, MemoryShare memory) {
    this.memory = memory;
    this.keep = keep;
  }

  List<Column> columns() {
    return columns;
  }

  /// The names of the present object's members that are no feature.
  Set<String> names() {
    return seen;
  }

  /// Begins a row or the columns, in which names may come again. Makes a new set of names: clearing
  /// a large one would be slow for each of many small rows.
  void beginObject() {
    if (!seen.isEmpty()) {
      seen = new LinkedHashSet<>();
      memory.giveBack(ofSeen);
      ofSeen = 0;
    }
  }

  /// Begins a member.
  ///
  /// @return false if the object has [#MOST] members that are no feature already
  boolean begin(String member) {
    name = member;
    depth = 0;
    plain = PlainText.isPlain(member);
    separated = true;
    copy = new ByteSink();
    long ofName = (long) Character.BYTES * member.length() + OF_NAME;
    memory.take(ofName);
    ofSeen += ofName;
    return seen.size() < MOST && seen.add(member);
  }

  /// Takes the next token of the member's value.
  ///
  /// @return whether the value is complete
  boolean take(PresentToken present, JsonToken token) {
    boolean end = token == JsonToken.OBJECT_END || token == JsonToken.ARRAY_END;
    boolean start = token == JsonToken.OBJECT_START || token == JsonToken.ARRAY_START;
    if (keep) {
      if (!separated && !end) {
        copy.put(',');
      }
      byte[] raw = present.raw();
      memory.take((long) COPIES * raw.length);
      copied += raw.length;
      copy.put(raw);
      plain &= (token != JsonToken.STRING && token != JsonToken.MEMBER) || present.isPlain();
      if (token == JsonToken.MEMBER) {
        copy.put(':');
      }
      separated = start || token == JsonToken.MEMBER;
    }
    depth += start ? 1 : end ? -1 : 0;
    return depth == 0 && token != JsonToken.MEMBER;
  }

  /// The fault of the complete member, if it is kept and has one.
  ///
  /// @param parent pointer of its object
  Optional<Fault> fault(String parent) {
    if (!keep || plain) {
      return Optional.empty();
    }
    String detail =
        "The text of " + Excerpt.quoted(name) + " " + PlainText.RULE + "; ?extra=ignore drops it.";
    return Optional.of(new Fault(pointer(parent, name), Fault.PATTERN, detail));
  }

  /// The pointer of a member, or of its object if no pointer can spell the member's name.
  static String pointer(String parent, String name) {
    return PlainText.isPlain(name) ? parent + "/" + Pointers.escape(name) : parent;
  }

  /// Keeps the complete member of a row.
  ///
  /// @return how many bytes are kept, or −1 if the member is passed over
  long endOfRow(int row) {
    if (!keep) {
      return -1;
    }
    Member member = new Member(name, json());
    List<Member> members = byRow.computeIfAbsent(row, _ -> new ArrayList<>(1));
    members.add(member);
    return member.bytes(members.size() == 1);
  }

  /// Keeps the complete member of the columns.
  ///
  /// @return how many bytes are kept, or −1 if the member is passed over
  long endOfColumn() {
    if (!keep) {
      return -1;
    }
    String json = json();
    columns.add(new Column(name, -1, List.of(json)));
    return KeptValues.bytesOf(json);
  }

  private String json() {
    String json = new String(copy.toBytes(), StandardCharsets.UTF_8);
    copy = new ByteSink();
    memory.giveBack(COPIES * copied);
    copied = 0;
    return json;
  }

  /// How many numbers would take as much memory as the kept members that are not forgotten.
  long kept() {
    return RowShape.ofMembers(byRow)
        + columns.stream().mapToLong(column -> RowShape.ofValues(column.values())).sum();
  }

  /// The members of the first rows.
  Map<Integer, List<Member>> ofRows(int rows) {
    Map<Integer, List<Member>> members = new HashMap<>(byRow);
    members.keySet().removeIf(row -> row >= rows);
    return members;
  }

  /// Forgets the members of the first rows.
  void forget(int rows) {
    if (!byRow.isEmpty()) {
      Map<Integer, List<Member>> left = new HashMap<>();
      byRow.forEach((row, members) -> {
        if (row >= rows) {
          left.put(row - rows, members);
        }
      });
      byRow = left;
    }
  }
}
