package io.evenkeel.engine.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects the changes of one transaction, and makes all changes of a kind together.
final class WritingInBatches implements Writing {
  private final Connection connection;
  private final List<Batch> waiting = new ArrayList<>();

  WritingInBatches(Connection connection) {
    this.connection = connection;
  }

  @Override
  public Change prepare(Turn turn, String sql) throws SQLException {
    return new Batch(turn, connection.prepareStatement(sql));
  }

  /// Makes the changes.
  void flush() throws SQLException {
    waiting.sort(Comparator.comparing(batch -> batch.turn));
    for (Batch batch : waiting) {
      batch.execute();
    }
    waiting.clear();
  }

  /// Forgets the changes.
  void clear() throws SQLException {
    for (Batch batch : waiting) {
      batch.size = 0;
      batch.statement.clearBatch();
    }
    waiting.clear();
  }

  private final class Batch implements Change {
    private final Turn turn;
    private final PreparedStatement statement;
    private boolean ofOneEach;
    private int size;

    Batch(Turn turn, PreparedStatement statement) {
      this.turn = turn;
      this.statement = statement;
    }

    @Override
    public PreparedStatement statement() {
      return statement;
    }

    @Override
    public void run() throws SQLException {
      ofOneEach = false;
      add();
    }

    @Override
    public void runOne() throws SQLException {
      ofOneEach = true;
      add();
    }

    private void add() throws SQLException {
      statement.addBatch();
      if (size++ == 0) {
        waiting.add(this);
      }
    }

    private void execute() throws SQLException {
      size = 0;
      for (int changed : statement.executeBatch()) {
        if (ofOneEach) {
          Writing.requireOne(changed);
        }
      }
    }
  }
}
