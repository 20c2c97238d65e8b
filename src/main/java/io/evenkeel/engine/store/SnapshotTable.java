package io.evenkeel.engine.store;

import io.evenkeel.engine.bytes.DefinitionBytes;
import io.evenkeel.engine.bytes.EqualParts;
import io.evenkeel.engine.bytes.MalformedBytesException;
import io.evenkeel.engine.bytes.SnapshotBytes;
import io.evenkeel.engine.bytes.WindowBytes;
import io.evenkeel.engine.store.Writing.Change;
import io.evenkeel.engine.store.Writing.Turn;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.SnapshotLabel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Snapshots, a row each. The batches of their windows are in the [WindowTable].
final class SnapshotTable {
  private final Connection connection;
  private final String file;
  private final Change insert;
  private final Change delete;
  private final PreparedStatement read;

  SnapshotTable(Connection connection, Writing writing, String file) throws SQLException {
    this.connection = connection;
    this.file = file;
    insert =
        writing.prepare(
            Turn.OTHERS,
            "INSERT INTO snapshot (incarnation, label, definition, state) VALUES (?, ?, ?, ?)");
    delete =
        writing.prepare(Turn.DELETIONS, "DELETE FROM snapshot WHERE incarnation = ? AND label = ?");
    read =
        connection.prepareStatement(
            "SELECT label, definition, state FROM snapshot WHERE incarnation = ?");
  }

  /// Brings the rows of a name from one state to the next; null if the name is free.
  void write(@Nullable Normalizer stored, @Nullable Normalizer next) throws SQLException {
    Collection<Snapshot> before = stored == null ? List.of() : stored.snapshots().all();
    Collection<Snapshot> after = next == null ? List.of() : next.snapshots().all();
    boolean same = stored != null && next != null && incarnation(stored) == incarnation(next);
    for (Snapshot old : before) {
      if (stored != null && !(same && isIn(after, old))) {
        delete.statement().setLong(1, incarnation(stored));
        delete.statement().setString(2, old.label().value());
        delete.run();
      }
    }
    for (Snapshot taken : after) {
      if (next != null && !(same && isIn(before, taken))) {
        add(incarnation(next), taken);
      }
    }
  }

  private static long incarnation(Normalizer normalizer) {
    return normalizer.revision().incarnation();
  }

  private static boolean isIn(Collection<Snapshot> snapshots, Snapshot wanted) {
    return snapshots.stream().anyMatch(snapshot -> snapshot.position() == wanted.position());
  }

  private void add(long incarnation, Snapshot snapshot) throws SQLException {
    PreparedStatement row = insert.statement();
    row.setLong(1, incarnation);
    row.setString(2, snapshot.label().value());
    row.setBytes(3, DefinitionBytes.encode(snapshot.model().definition()));
    row.setBytes(4, SnapshotBytes.encode(snapshot));
    insert.runOne();
  }

  /// The snapshots of one normalizer.
  ///
  /// @param entries the batches of their windows
  /// @param definitions shares equal definitions
  /// @param parts the parts of the normalizer that were read before
  /// @throws UnusableStoreException if one of them is damaged
  List<Snapshot> load(
      long incarnation, WindowBytes.Entries entries, Definitions definitions, EqualParts parts)
      throws SQLException {
    List<Snapshot> snapshots = new ArrayList<>();
    read.setLong(1, incarnation);
    try (ResultSet row = read.executeQuery()) {
      while (row.next()) {
        snapshots.add(snapshot(incarnation, row, entries, definitions, parts));
      }
    }
    return snapshots;
  }

  private Snapshot snapshot(
      long incarnation,
      ResultSet row,
      WindowBytes.Entries entries,
      Definitions definitions,
      EqualParts parts)
      throws SQLException {
    String label = String.valueOf(row.getString(1));
    try {
      return SnapshotBytes.decode(
          new SnapshotLabel(label),
          definitions.shared(DefinitionBytes.decode(present(row.getBytes(2)))),
          present(row.getBytes(3)),
          entries,
          parts);
    } catch (MalformedBytesException | IllegalArgumentException e) {
      String where = "table snapshot, snapshot " + label + " of incarnation " + incarnation;
      throw UnusableStoreException.damaged(file, where, e);
    }
  }

  /// Whether the stored snapshots of a normalizer equal those of a state, byte by byte.
  boolean areThoseOf(Normalizer state) throws SQLException {
    Collection<Snapshot> held = state.snapshots().all();
    int rows = 0;
    read.setLong(1, incarnation(state));
    try (ResultSet row = read.executeQuery()) {
      for (; row.next(); rows++) {
        if (!isAmong(held, row)) {
          return false;
        }
      }
    }
    return rows == held.size();
  }

  private static boolean isAmong(Collection<Snapshot> held, ResultSet row) throws SQLException {
    String label = row.getString(1);
    for (Snapshot snapshot : held) {
      if (snapshot.label().value().equals(label)) {
        return Arrays.equals(DefinitionBytes.encode(snapshot.model().definition()), row.getBytes(2))
            && Arrays.equals(SnapshotBytes.encode(snapshot), row.getBytes(3));
      }
    }
    return false;
  }

  /// Refuses snapshots of normalizers that do not exist.
  ///
  /// @throws UnusableStoreException if there are any
  void requireNoOthers() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT incarnation FROM snapshot
                WHERE incarnation NOT IN (SELECT incarnation FROM normalizer) LIMIT 1
                """)) {
      if (row.next()) {
        throw UnusableStoreException.damaged(
            file,
            "table snapshot, incarnation " + row.getLong(1),
            new MalformedBytesException("there is no such normalizer"));
      }
    }
  }

  private static byte[] present(byte @Nullable [] bytes) {
    if (bytes == null) {
      throw new MalformedBytesException("a part is missing");
    }
    return bytes;
  }
}
