package io.evenkeel.store;

import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.SnapshotLabel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Snapshots, a row each; the batches of the windows in them are in the [WindowTable].
final class SnapshotTable {
  private final Connection connection;
  private final String file;
  private final PreparedStatement insert;
  private final PreparedStatement delete;

  SnapshotTable(Connection connection, String file) throws SQLException {
    this.connection = connection;
    this.file = file;
    insert =
        connection.prepareStatement(
            "INSERT INTO snapshot (incarnation, label, definition, state) VALUES (?, ?, ?, ?)");
    delete =
        connection.prepareStatement("DELETE FROM snapshot WHERE incarnation = ? AND label = ?");
  }

  /// Brings the rows of one name from one state to another; null where the name is free.
  void write(@Nullable Normalizer stored, @Nullable Normalizer next) throws SQLException {
    Collection<Snapshot> before = stored == null ? List.of() : stored.snapshots().all();
    Collection<Snapshot> after = next == null ? List.of() : next.snapshots().all();
    boolean same = stored != null && next != null && incarnation(stored) == incarnation(next);
    for (Snapshot old : before) {
      if (stored != null && !(same && isIn(after, old))) {
        delete.setLong(1, incarnation(stored));
        delete.setString(2, old.label().value());
        delete.executeUpdate();
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
    insert.setLong(1, incarnation);
    insert.setString(2, snapshot.label().value());
    insert.setBytes(3, DefinitionBytes.encode(snapshot.model().definition()));
    insert.setBytes(4, SnapshotBytes.encode(snapshot));
    insert.executeUpdate();
  }

  /// A snapshot as it is stored, to be decoded once the batches of its window are known.
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Stored(@Nullable String label, byte @Nullable [] definition, byte @Nullable [] state) {}

  /// All snapshots by the incarnation of their normalizer.
  Map<Long, List<Stored>> load() throws SQLException {
    Map<Long, List<Stored>> byIncarnation = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT incarnation, label, definition, state FROM snapshot")) {
      while (row.next()) {
        byIncarnation
            .computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
            .add(new Stored(row.getString(2), row.getBytes(3), row.getBytes(4)));
      }
    }
    return byIncarnation;
  }

  /// The snapshots of one normalizer.
  ///
  /// @param entries the batches of their windows
  /// @throws UnusableStoreException where any of them is not as it was written
  List<Snapshot> decode(List<Stored> stored, long incarnation, WindowBytes.Entries entries)
      throws SQLException {
    List<Snapshot> snapshots = new ArrayList<>();
    for (Stored each : stored) {
      String label = String.valueOf(each.label);
      try {
        snapshots.add(
            SnapshotBytes.decode(
                new SnapshotLabel(label),
                DefinitionBytes.decode(present(each.definition)),
                present(each.state),
                entries));
      } catch (MalformedBytesException | IllegalArgumentException e) {
        String where = "table snapshot, snapshot " + label + " of incarnation " + incarnation;
        throw UnusableStoreException.damaged(file, where, e);
      }
    }
    return snapshots;
  }

  private static byte[] present(byte @Nullable [] bytes) {
    if (bytes == null) {
      throw new MalformedBytesException("a part is missing");
    }
    return bytes;
  }
}
