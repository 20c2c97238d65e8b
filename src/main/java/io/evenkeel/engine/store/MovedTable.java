package io.evenkeel.engine.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tables that SQLite and PostgreSQL have in common. Rows are copied byte for byte, in the
/// order of their key, in blocks of bounded size. Each block is read again from where it was
/// written, and compared.
public enum MovedTable {
  /// Names and definitions.
  NORMALIZER("normalizer", "incarnation", "name:text definition:bytes"),
  /// Positions and states.
  HEAD("head", "incarnation", "position state:bytes"),
  /// The batches of windows.
  WINDOW_ENTRY("window_entry", "incarnation role ordinal", "moments:bytes"),
  /// Snapshots.
  SNAPSHOT("snapshot", "incarnation label:text", "definition:bytes state:bytes"),
  /// Idempotency keys.
  APPLIED_KEY(
      "applied_key", "incarnation block hash:bytes", "fingerprint:bytes ordinal version at"),
  /// The audit trail.
  AUDIT("audit", "position", "at actor:text command:text name:text version reason:text");

  private static final int BLOCK_ROWS = 1_000;
  private static final long BLOCK_BYTES = 4 << 20;

  private final String table;
  private final List<Column> key;
  private final List<Column> columns;

  private record Column(String name, Kind kind) {
    /// @param word the name, and the kind behind a colon unless it is a number
    static Column of(String word) {
      int colon = word.indexOf(':');
      if (colon < 0) {
        return new Column(word, Kind.NUMBER);
      }
      Kind kind = Kind.valueOf(word.substring(colon + 1).toUpperCase(Locale.ROOT));
      return new Column(word.substring(0, colon), kind);
    }
  }

  private enum Kind {
    NUMBER,
    TEXT,
    BYTES
  }

  MovedTable(String table, String key, String others) {
    this.table = table;
    this.key = columns(key);
    columns = columns(key + " " + others);
  }

  private static List<Column> columns(String words) {
    return Stream.of(words.split(" ")).map(Column::of).toList();
  }

  private static String names(List<Column> columns) {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  private static String marks(List<Column> columns) {
    return columns.stream().map(_ -> "?").collect(Collectors.joining(", ", "(", ")"));
  }

  private String all() {
    return "SELECT " + names(columns) + " FROM " + table;
  }

  private String insert() {
    return "INSERT INTO " + table + " (" + names(columns) + ") VALUES " + marks(columns);
  }

  private String between() {
    return all()
        + " WHERE (%1$s) >= %2$s AND (%1$s) <= %2$s ORDER BY %1$s"
            .formatted(names(key), marks(key));
  }

  /// Copies all rows.
  ///
  /// @param file the name of the SQLite file in messages
  /// @return how many there are
  /// @throws UnusableStoreException if they are not the same afterwards
  long copy(Connection sqlite, Connection postgres, String file) throws SQLException {
    long copied = 0;
    List<@Nullable Object[]> block = new ArrayList<>();
    try (Statement reading = sqlite.createStatement();
        ResultSet row = reading.executeQuery(all() + " ORDER BY " + names(key));
        PreparedStatement insert = postgres.prepareStatement(insert());
        PreparedStatement written = postgres.prepareStatement(between())) {
      long bytes = 0;
      while (row.next()) {
        @Nullable Object[] values = values(row);
        block.add(values);
        bytes += bytes(values);
        if (block.size() == BLOCK_ROWS || bytes >= BLOCK_BYTES) {
          copied += move(block, insert, written, file);
          bytes = 0;
        }
      }
      copied += move(block, insert, written, file);
    }
    if (copied != count(sqlite) || copied != count(postgres)) {
      throw different(file, "of %d rows, %d arrived".formatted(count(sqlite), count(postgres)));
    }
    return copied;
  }

  private int move(
      List<@Nullable Object[]> block,
      PreparedStatement insert,
      PreparedStatement written,
      String file)
      throws SQLException {
    int size = block.size();
    if (size > 0) {
      for (@Nullable Object[] values : block) {
        set(insert, 1, columns, values);
        insert.addBatch();
      }
      insert.executeBatch();
      set(written, 1, key, block.getFirst());
      set(written, 1 + key.size(), key, block.getLast());
      compare(block, written, file);
      block.clear();
    }
    return size;
  }

  private void compare(List<@Nullable Object[]> block, PreparedStatement written, String file)
      throws SQLException {
    int next = 0;
    try (ResultSet row = written.executeQuery()) {
      while (row.next()) {
        if (next == block.size() || !Arrays.deepEquals(block.get(next), values(row))) {
          throw different(file, "a row is not the same after it was written");
        }
        next++;
      }
    }
    if (next != block.size()) {
      throw different(file, "a row is missing after it was written");
    }
  }

  private UnusableStoreException different(String file, String how) {
    return UnusableStoreException.unfit(
        "%s was not imported: table %s: %s.".formatted(file, table, how),
        "Make sure that nothing but Evenkeel changes the tables of the database: no trigger, no"
            + " rule, no other program.");
  }

  private @Nullable Object[] values(ResultSet row) throws SQLException {
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (columns.get(i).kind) {
            case NUMBER -> row.getLong(i + 1);
            case TEXT -> row.getString(i + 1);
            case BYTES -> row.getBytes(i + 1);
          };
    }
    return values;
  }

  private static long bytes(@Nullable Object[] values) {
    long bytes = 0;
    for (Object value : values) {
      if (value instanceof byte[] array) {
        bytes += array.length;
      }
    }
    return bytes;
  }

  /// @param values of all columns; those of `which` are the first ones
  private static void set(
      PreparedStatement statement, int from, List<Column> which, @Nullable Object[] values)
      throws SQLException {
    for (int i = 0; i < which.size(); i++) {
      switch (which.get(i).kind) {
        case NUMBER -> statement.setObject(from + i, values[i]);
        case TEXT -> statement.setString(from + i, (String) values[i]);
        case BYTES -> statement.setBytes(from + i, (byte[]) values[i]);
      }
    }
  }

  private long count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return SqliteTables.number(statement, "SELECT count(*) FROM " + table);
    }
  }
}
