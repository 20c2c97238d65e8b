package io.evenkeel.codec.json;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowCollector;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Members of a JSON batch that are no feature: passed over, or copied, but for white space, to be
/// answered as they came.
final class JsonExtras {
  /// The most members of an object that are no feature.
  static final int MOST = 65_536;

  /// How many times its bytes a copy takes in the making.
  private static final int COPIES = 3;

  /// What a name takes beside its characters.
  private static final int OF_NAME = 96;

  private final boolean keep;
  private final MemoryShare memory;
  private Map<Integer, List<Member>> byRow = new HashMap<>();
  private final List<Column> columns = new ArrayList<>();
  private Set<String> seen = new HashSet<>();
  private long ofSeen;
  private ByteSink copy = new ByteSink();
  private String name = "";
  private boolean plain = true;
  private boolean separated = true;
  private int depth;
  private long copied;

  /// @param keep whether they are copied
  /// @param memory that names and a copy in the making are held in
  JsonExtras(boolean keep, MemoryShare memory) {
    this.memory = memory;
    this.keep = keep;
  }

  List<Column> columns() {
    return columns;
  }

  /// Begins a row or the columns: names may come again. A set that has grown large would be slow to
  /// clear for each of many small rows.
  void beginObject() {
    if (!seen.isEmpty()) {
      seen = new HashSet<>();
      memory.giveBack(ofSeen);
      ofSeen = 0;
    }
  }

  /// Begins a member; an object has at most 65,536 of them.
  ///
  /// @return false if the object has it already, or has too many
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
  boolean take(JsonTokens tokens, JsonToken token) {
    boolean end = token == JsonToken.OBJECT_END || token == JsonToken.ARRAY_END;
    boolean start = token == JsonToken.OBJECT_START || token == JsonToken.ARRAY_START;
    if (keep) {
      if (!separated && !end) {
        copy.put(',');
      }
      byte[] raw = tokens.raw();
      memory.take((long) COPIES * raw.length);
      copied += raw.length;
      copy.put(raw);
      plain &= (token != JsonToken.STRING && token != JsonToken.MEMBER) || tokens.isPlain();
      if (token == JsonToken.MEMBER) {
        copy.put(':');
      }
      separated = start || token == JsonToken.MEMBER;
    }
    depth += start ? 1 : end ? -1 : 0;
    return depth == 0 && token != JsonToken.MEMBER;
  }

  /// What is wrong with the complete member, where it is kept.
  ///
  /// @param parent pointer of its object
  Optional<Fault> fault(String parent) {
    if (!keep || plain) {
      return Optional.empty();
    }
    String detail = "The text of " + Excerpt.of(name) + " " + PlainText.RULE + ".";
    return Optional.of(new Fault(pointer(parent, name), Fault.PATTERN, detail));
  }

  /// The pointer of a member; that of its object where no pointer can spell the name.
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
    return RowCollector.bytesOf(json);
  }

  private String json() {
    String json = new String(copy.toBytes(), StandardCharsets.UTF_8);
    copy = new ByteSink();
    memory.giveBack(COPIES * copied);
    copied = 0;
    return json;
  }

  /// How much memory, in numbers, the members take that are kept and not forgotten yet.
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
