package io.evenkeel.store;

import io.evenkeel.batchnorm.FeatureMoments;
import io.evenkeel.batchnorm.WindowStatistics;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerDefinition;
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

/// Snapshots, a row each, and the batches of the windows in them, which are copies: those of the
/// present window leave it.
final class SnapshotTable {
  private final Connection connection;
  private final String file;
  private final PreparedStatement insert;
  private final PreparedStatement insertEntry;
  private final PreparedStatement delete;
  private final PreparedStatement deleteEntries;
  private final PreparedStatement readEntries;

  SnapshotTable(Connection connection, String file) throws SQLException {
    this.connection = connection;
    this.file = file;
    insert =
        connection.prepareStatement(
            "INSERT INTO snapshot (incarnation, label, definition, state) VALUES (?, ?, ?, ?)");
    insertEntry =
        connection.prepareStatement(
            "INSERT INTO snapshot_entry (incarnation, label, ordinal, moments) VALUES (?, ?, ?,"
                + " ?)");
    delete =
        connection.prepareStatement("DELETE FROM snapshot WHERE incarnation = ? AND label = ?");
    deleteEntries =
        connection.prepareStatement(
            "DELETE FROM snapshot_entry WHERE incarnation = ? AND label = ?");
    readEntries =
        connection.prepareStatement(
            """
            SELECT moments FROM snapshot_entry
            WHERE incarnation = ? AND label = ? AND ordinal >= ? AND ordinal < ? ORDER BY ordinal
            """);
  }

  /// Brings the rows of one name from one state to another; null where the name is free.
  void write(@Nullable Normalizer stored, @Nullable Normalizer next) throws SQLException {
    Collection<Snapshot> before = stored == null ? List.of() : stored.snapshots().all();
    Collection<Snapshot> after = next == null ? List.of() : next.snapshots().all();
    boolean same = stored != null && next != null && incarnation(stored) == incarnation(next);
    for (Snapshot old : before) {
      if (stored != null && !(same && isIn(after, old))) {
        drop(incarnation(stored), old.label());
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

  private void drop(long incarnation, SnapshotLabel label) throws SQLException {
    for (PreparedStatement statement : new PreparedStatement[] {delete, deleteEntries}) {
      statement.setLong(1, incarnation);
      statement.setString(2, label.value());
      statement.executeUpdate();
    }
  }

  private void add(long incarnation, Snapshot snapshot) throws SQLException {
    insert.setLong(1, incarnation);
    insert.setString(2, snapshot.label().value());
    insert.setBytes(3, DefinitionBytes.encode(snapshot.model().definition()));
    insert.setBytes(4, SnapshotBytes.encode(snapshot));
    insert.executeUpdate();
    if (snapshot.model().running() instanceof WindowStatistics statistics) {
      statistics
          .window()
          .forEachFrom(
              0, (ordinal, moments) -> addEntry(incarnation, snapshot.label(), ordinal, moments));
    }
  }

  private void addEntry(long incarnation, SnapshotLabel label, long ordinal, FeatureMoments moments)
      throws SQLException {
    insertEntry.setLong(1, incarnation);
    insertEntry.setString(2, label.value());
    insertEntry.setLong(3, ordinal);
    insertEntry.setBytes(4, MomentsBytes.encode(moments));
    insertEntry.executeUpdate();
  }

  /// All snapshots by the incarnation of their normalizer.
  ///
  /// @throws UnusableStoreException where any of them is not as it was written
  Map<Long, Collection<Snapshot>> load() throws SQLException {
    Map<Long, Collection<Snapshot>> byIncarnation = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT incarnation, label, definition, state FROM snapshot")) {
      while (row.next()) {
        byIncarnation
            .computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
            .add(snapshot(row.getLong(1), row.getString(2), row.getBytes(3), row.getBytes(4)));
      }
    }
    return byIncarnation;
  }

  private Snapshot snapshot(long incarnation, String label, byte[] definition, byte[] state)
      throws SQLException {
    try {
      NormalizerDefinition decoded = DefinitionBytes.decode(definition);
      int features = decoded.features().size();
      return SnapshotBytes.decode(
          new SnapshotLabel(label),
          decoded,
          state,
          (first, next) -> entries(incarnation, label, features, first, next));
    } catch (MalformedBytesException | IllegalArgumentException e) {
      String where = "table snapshot, snapshot " + label + " of incarnation " + incarnation;
      throw UnusableStoreException.damaged(file, where, e);
    }
  }

  private List<FeatureMoments> entries(
      long incarnation, String label, int features, long first, long next) throws SQLException {
    readEntries.setLong(1, incarnation);
    readEntries.setString(2, label);
    readEntries.setLong(3, first);
    readEntries.setLong(4, next);
    return WindowTable.entries(readEntries, features, next - first);
  }
}
