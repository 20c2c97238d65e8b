package io.evenkeel.engine.store;

import io.evenkeel.engine.bytes.DefinitionBytes;
import io.evenkeel.engine.bytes.StateBytes;
import io.evenkeel.normalizer.Normalizer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Definitions and heads: a row each for a live normalizer, because a batch changes the head alone.
/// [StoredStates] reads them.
final class HeadTable {
  private final PreparedStatement insertDefinition;
  private final PreparedStatement insertHead;
  private final PreparedStatement updateDefinition;
  private final PreparedStatement updateHead;
  private final PreparedStatement deleteDefinition;
  private final PreparedStatement deleteHead;

  HeadTable(Connection connection) throws SQLException {
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

  /// Brings the rows of a name from one state to the next; null if the name is free.
  ///
  /// @param position of the last entry of the group
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
}
