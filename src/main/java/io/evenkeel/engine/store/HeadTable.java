package io.evenkeel.engine.store;

import io.evenkeel.engine.bytes.DefinitionBytes;
import io.evenkeel.engine.bytes.StateBytes;
import io.evenkeel.engine.store.Writing.Change;
import io.evenkeel.engine.store.Writing.Turn;
import io.evenkeel.normalizer.Normalizer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Definitions and heads: a row each for a live normalizer, because a batch changes the head alone.
/// [StoredStates] reads them.
final class HeadTable {
  private final Change insertDefinition;
  private final Change insertHead;
  private final Change updateDefinition;
  private final Change updateHead;
  private final Change deleteDefinition;
  private final Change deleteHead;

  HeadTable(Writing writing) throws SQLException {
    this(writing, "");
  }

  /// @param onTaken what an inserted definition does where the row of its name is there already
  HeadTable(Writing writing, String onTaken) throws SQLException {
    insertDefinition =
        writing.prepare(
            Turn.OTHERS,
            "INSERT INTO normalizer (name, definition, incarnation) VALUES (?, ?, ?) " + onTaken);
    insertHead =
        writing.prepare(
            Turn.OTHERS, "INSERT INTO head (state, position, incarnation) VALUES (?, ?, ?)");
    updateDefinition =
        writing.prepare(Turn.OTHERS, "UPDATE normalizer SET definition = ? WHERE incarnation = ?");
    updateHead =
        writing.prepare(
            Turn.OTHERS, "UPDATE head SET state = ?, position = ? WHERE incarnation = ?");
    deleteDefinition =
        writing.prepare(Turn.DELETIONS, "DELETE FROM normalizer WHERE incarnation = ?");
    deleteHead = writing.prepare(Turn.DELETIONS, "DELETE FROM head WHERE incarnation = ?");
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
      deleteDefinition.statement().setLong(1, incarnation(stored));
      deleteDefinition.runOne();
      deleteHead.statement().setLong(1, incarnation(stored));
      deleteHead.runOne();
    }
    if (next != null) {
      PreparedStatement insert = insertDefinition.statement();
      insert.setString(1, next.name().value());
      insert.setBytes(2, DefinitionBytes.encode(next.definition()));
      insert.setLong(3, incarnation(next));
      insertDefinition.runOne();
      writeHead(insertHead, next, position);
    }
  }

  private void update(Normalizer stored, Normalizer next, long position) throws SQLException {
    if (!stored.definition().equals(next.definition())) {
      updateDefinition.statement().setBytes(1, DefinitionBytes.encode(next.definition()));
      updateDefinition.statement().setLong(2, incarnation(next));
      updateDefinition.runOne();
    }
    writeHead(updateHead, next, position);
  }

  private static void writeHead(Change change, Normalizer next, long position) throws SQLException {
    change.statement().setBytes(1, StateBytes.encode(next));
    change.statement().setLong(2, position);
    change.statement().setLong(3, incarnation(next));
    change.runOne();
  }

  private static long incarnation(Normalizer normalizer) {
    return normalizer.revision().incarnation();
  }
}
