package io.evenkeel.codec;

import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.LostExtras;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.codec.rows.RowShape.Member;
import io.evenkeel.codec.rows.RowShape.Spelling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes columns of the members of object rows, in the order in which they first appear. The first
/// batch decides which columns there are, because the header is written with it.
final class MemberColumns {
  private final long mostNumbers;
  private final MemoryShare memory;
  private @Nullable List<String> header;
  private long bytes;

  /// The columns of a batch.
  ///
  /// @param bytes how much memory they take beside the members
  record Made(List<Column> columns, long bytes) {}

  /// @param mostNumbers how many cells a batch may have
  MemberColumns(long mostNumbers, MemoryShare memory) {
    this.mostNumbers = mostNumbers;
    this.memory = memory;
  }

  /// The columns of the next batch.
  ///
  /// @param byRow the members of each row that has some
  /// @throws LostExtras if a member is not in the header
  Made of(Map<Integer, List<Member>> byRow, int rows) {
    Map<String, SparseColumn> byName = new LinkedHashMap<>();
    bytes = 0;
    if (header != null) {
      take((long) SparseColumn.BYTES * header.size());
      header.forEach(name -> byName.put(name, new SparseColumn(rows)));
    }
    for (int row = 0; row < rows && !byRow.isEmpty(); row++) {
      List<Member> members = byRow.getOrDefault(row, List.of());
      take((long) SparseColumn.BYTES_OF_VALUE * members.size());
      for (Member member : members) {
        SparseColumn column = byName.get(member.name());
        if (column == null) {
          column = added(member.name(), rows, byName);
        }
        column.append(row, member.json());
      }
    }
    header = List.copyOf(byName.keySet());
    return new Made(
        byName.entrySet().stream()
            .map(entry -> new Column(entry.getKey(), -1, entry.getValue(), Spelling.JSON))
            .toList(),
        bytes);
  }

  /// A few members can be many columns, of which each row has a cell.
  private SparseColumn added(String name, int rows, Map<String, SparseColumn> byName) {
    if (header != null) {
      throw LostExtras.byHeader(name);
    }
    int columns = byName.size() + 1;
    if (columns > RowShape.MOST_COLUMNS || (long) columns * rows > mostNumbers) {
      throw new BatchTooLarge(mostNumbers);
    }
    take(SparseColumn.BYTES);
    SparseColumn column = new SparseColumn(rows);
    byName.put(name, column);
    return column;
  }

  private void take(long more) {
    memory.take(more);
    bytes += more;
  }
}
