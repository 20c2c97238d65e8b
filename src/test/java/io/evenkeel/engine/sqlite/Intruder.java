package io.evenkeel.engine.sqlite;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// Another process that opens a store that is in use, and says how far it gets.
final class Intruder {
  private Intruder() {}

  public static void main(String[] arguments) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 0");
      statement.executeQuery("SELECT count(*) FROM head").close();
      System.out.println("it was read");
    } catch (SQLException e) {
      System.out.println(e.getMessage());
    }
  }
}
