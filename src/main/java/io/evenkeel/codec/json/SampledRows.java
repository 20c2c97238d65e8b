package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.PresentToken;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampledColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The rows of a sample as columns, in the order in which they first appear. A member that a row
/// leaves out is missing in it.
final class SampledRows {
  /// How many bytes a column takes beside the characters of its name.
  private static final int OF_COLUMN = 256;

  /// A column, and in how many rows it came.
  private static final class Column {
    private final SampledColumn sampled;
    private int rows;
    private int lastRow = -1;

    private Column(String name) {
      this.sampled = new SampledColumn(name);
    }
  }

  private final PresentToken present;
  private final MemoryShare memory;
  private final Map<String, Column> byName = new LinkedHashMap<>();
  private final List<Column> byIndex = new ArrayList<>();
  private boolean named = true;
  private int rows;
  private int cells;
  private SampledColumn member = new SampledColumn("");

  SampledRows(PresentToken present, MemoryShare memory) {
    this.present = present;
    this.memory = memory;
  }

  /// How many rows have ended.
  int count() {
    return rows;
  }

  /// Begins a row.
  void begin(boolean object) {
    if (rows == 0) {
      named = object;
    } else if (named != object) {
      throw present.fail(
          object
              ? "This row is an object and the rows before it are arrays; send rows of one kind."
              : "This row is an array and the rows before it are objects; send rows of one kind.");
    }
    cells = 0;
  }

  /// Begins the value of a member of an object row.
  void member(String name) {
    Column column = byName.get(name);
    if (column == null) {
      column = added(name);
      byName.put(name, column);
    }
    if (column.lastRow == rows) {
      throw present.twice(name);
    }
    column.lastRow = rows;
    column.rows++;
    member = column.sampled;
  }

  private Column added(String name) {
    if (byName.size() + byIndex.size() == RowShape.MOST_COLUMNS) {
      throw present.fail("The rows have more than " + RowShape.MOST_COLUMNS + " columns.");
    }
    memory.take((long) Character.BYTES * name.length() + OF_COLUMN);
    return new Column(name);
  }

  /// The column of the present cell.
  SampledColumn cell() {
    if (named) {
      return member;
    }
    int index = cells++;
    if (index == byIndex.size()) {
      if (rows > 0) {
        throw otherLength();
      }
      byIndex.add(added("f" + index));
    }
    return byIndex.get(index).sampled;
  }

  /// Ends a row.
  void end() {
    if (!named && cells != byIndex.size()) {
      throw otherLength();
    }
    rows++;
  }

  private RuntimeException otherLength() {
    return present.fail(
        "The first row has " + byIndex.size() + " values and this one has another number of them.");
  }

  /// The sample of all rows.
  Sample sample() {
    for (Column column : byName.values()) {
      column.sampled.missing(rows - column.rows);
    }
    return new Sample(
        (named ? byName.values() : byIndex).stream().map(column -> column.sampled).toList(),
        rows,
        named);
  }
}
