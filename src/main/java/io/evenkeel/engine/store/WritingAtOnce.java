package io.evenkeel.engine.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Makes each change at once.
record WritingAtOnce(Connection connection) implements Writing {
  @Override
  public Change prepare(Turn turn, String sql) throws SQLException {
    return new AtOnce(connection.prepareStatement(sql));
  }

  private record AtOnce(PreparedStatement statement) implements Change {
    @Override
    public void run() throws SQLException {
      statement.executeUpdate();
    }

    @Override
    public void runOne() throws SQLException {
      Writing.requireOne(statement.executeUpdate());
    }
  }
}
