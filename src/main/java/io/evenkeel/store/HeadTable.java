package io.evenkeel.store;

import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.normalizer.NormalizerName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Definitions and heads, one row each for a live normalizer: a batch leaves the definition as it
/// is.
final class HeadTable {
  private final Connection connection;
  private final String file;
  private final PreparedStatement insertDefinition;
  private final PreparedStatement insertHead;
  private final PreparedStatement updateDefinition;
  private final PreparedStatement updateHead;
  private final PreparedStatement deleteDefinition;
  private final PreparedStatement deleteHead;

  HeadTable(Connection connection, String file) throws SQLException {
    this.connection = connection;
    this.file = file;
    insertDefinition =
        connection.prepareStatement(
            "INSERT INTO normalizer (name, definition, incarnation) VALUES (?, ?, ?)");
    insertHead =
        connection.prepareStatement(
            "INSERT INTO head (state, position, incarnation) VALUES (?, ?, ?)");
    updateDefinition =
        connection.prepareStatement("UPDATE normalizer SET definition = ? WHERE incarnation = ?");
    updateHead =
        connection.prepareStatement(
            "UPDATE head SET state = ?, position = ? WHERE incarnation = ?");
    deleteDefinition = connection.prepareStatement("DELETE FROM normalizer WHERE incarnation = ?");
    deleteHead = connection.prepareStatement("DELETE FROM head WHERE incarnation = ?");
  }

  /// Brings the rows of one name from one state to another; null where the name is free.
  ///
  /// @param position of the last entry of the group that did it
  void write(@Nullable Normalizer stored, @Nullable Normalizer next, long position)
      throws SQLException {
    if (stored != null && next != null && incarnation(stored) == incarnation(next)) {
      update(stored, next, position);
      return;
    }
    if (stored != null) {
      deleteDefinition.setLong(1, incarnation(stored));
      changeOne(deleteDefinition);
      deleteHead.setLong(1, incarnation(stored));
      changeOne(deleteHead);
    }
    if (next != null) {
      insertDefinition.setString(1, next.name().value());
      insertDefinition.setBytes(2, DefinitionBytes.encode(next.definition()));
      insertDefinition.setLong(3, incarnation(next));
      changeOne(insertDefinition);
      writeHead(insertHead, next, position);
    }
  }

  private void update(Normalizer stored, Normalizer next, long position) throws SQLException {
    if (!stored.definition().equals(next.definition())) {
      updateDefinition.setBytes(1, DefinitionBytes.encode(next.definition()));
      updateDefinition.setLong(2, incarnation(next));
      changeOne(updateDefinition);
    }
    writeHead(updateHead, next, position);
  }

  private static void writeHead(PreparedStatement statement, Normalizer next, long position)
      throws SQLException {
    statement.setBytes(1, StateBytes.encode(next));
    statement.setLong(2, position);
    statement.setLong(3, incarnation(next));
    changeOne(statement);
  }

  private static void changeOne(PreparedStatement statement) throws SQLException {
    int changed = statement.executeUpdate();
    if (changed != 1) {
      throw new SQLException(changed + " rows were changed where there must be one");
    }
  }

  private static long incarnation(Normalizer normalizer) {
    return normalizer.revision().incarnation();
  }

  long lastPosition() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(position) FROM head")) {
      return row.getLong(1);
    }
  }

  /// All normalizers.
  ///
  /// @param snapshots where their snapshots are
  /// @param windows where the batches of windows are
  List<Normalizer> load(SnapshotTable snapshots, WindowTable windows) throws SQLException {
    Set<Long> withSnapshots = snapshots.incarnations();
    List<Normalizer> normalizers = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT incarnation, name, definition, state
                FROM normalizer FULL JOIN head USING (incarnation)
                """)) {
      while (row.next()) {
        long incarnation = row.getLong(1);
        String where = "normalizer " + row.getString(2) + " (incarnation " + incarnation + ")";
        NormalizerDefinition definition = definition(row.getBytes(3), where);
        int features = definition.features().size();
        WindowBytes.Entries averaged =
            windows.entries(incarnation, WindowTable.Role.AVERAGING, features);
        StateBytes.Beside beside =
            new StateBytes.Beside(
                withSnapshots.remove(incarnation)
                    ? snapshots.load(incarnation, averaged)
                    : List.of(),
                averaged,
                windows.entries(incarnation, WindowTable.Role.TRAINING, features));
        normalizers.add(normalizer(row, where, definition, beside));
      }
    }
    snapshots.requireNone(withSnapshots);
    return normalizers;
  }

  private Normalizer normalizer(
      ResultSet row, String where, NormalizerDefinition definition, StateBytes.Beside beside)
      throws SQLException {
    try {
      return StateBytes.decode(
          new NormalizerName(row.getString(2)),
          row.getLong(1),
          definition,
          present(row.getBytes(4)),
          beside);
    } catch (MalformedBytesException | IllegalArgumentException e) {
      throw UnusableStoreException.damaged(file, "table head, " + where, e);
    }
  }

  private NormalizerDefinition definition(byte @Nullable [] bytes, String where) {
    try {
      return DefinitionBytes.decode(present(bytes));
    } catch (MalformedBytesException e) {
      throw UnusableStoreException.damaged(file, "table normalizer, " + where, e);
    }
  }

  private static byte[] present(byte @Nullable [] bytes) {
    if (bytes == null) {
      throw new MalformedBytesException("the row is missing");
    }
    return bytes;
  }
}
