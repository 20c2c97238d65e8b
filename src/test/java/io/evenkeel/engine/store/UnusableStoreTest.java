package io.evenkeel.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Advises an operator whose store does not open. Each failure comes from SQLite itself.
class UnusableStoreTest {
  private static final String NO_NORMALIZERS = "begin with no normalizers";

  @TempDir Path directory;

  /// The store is whole: whoever moved it away would lose the statistics.
  @Test
  void aFullDiskIsToldToBeGivenRoom() throws SQLException {
    SQLException full =
        failureOf(
            "jdbc:sqlite::memory:",
            "PRAGMA max_page_count = 2",
            "CREATE TABLE t (x)",
            "INSERT INTO t VALUES (zeroblob(100000))");
    assertThat(UnusableStoreException.notOpened("evenkeel.db", full))
        .hasMessageContaining("SQLITE_FULL")
        .hasMessageContaining("Give its disk room")
        .hasMessageNotContaining(NO_NORMALIZERS);
  }

  @Test
  void aFileThatTakesNoWritesIsToldToBeMadeWritable() throws SQLException {
    String file = "jdbc:sqlite:" + directory.resolve("evenkeel.db");
    try (Connection connection = DriverManager.getConnection(file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (x)");
    }
    SQLException readOnly = failureOf(file + "?open_mode=1", "CREATE TABLE u (x)");
    assertThat(UnusableStoreException.notOpened("evenkeel.db", readOnly))
        .hasMessageContaining("SQLITE_READONLY")
        .hasMessageContaining("Let this user write")
        .hasMessageNotContaining(NO_NORMALIZERS);
  }

  @Test
  void aFileThatDoesNotOpenIsToldToBeMadeWritable() {
    String file = "jdbc:sqlite:" + directory;
    SQLException notOpened = assertThrows(SQLException.class, () -> failureOf(file));
    assertThat(UnusableStoreException.notOpened("evenkeel.db", notOpened))
        .hasMessageContaining("SQLITE_CANTOPEN")
        .hasMessageContaining("Let this user write")
        .hasMessageNotContaining(NO_NORMALIZERS);
  }

  @Test
  void anotherFileThanADatabaseIsToldToBeRestored() throws Exception {
    Path file = Files.writeString(directory.resolve("evenkeel.db"), "no database ".repeat(100));
    SQLException other = failureOf("jdbc:sqlite:" + file, "SELECT * FROM sqlite_schema");
    assertThat(UnusableStoreException.notOpened("evenkeel.db", other))
        .hasMessageContaining("SQLITE_NOTADB")
        .hasMessageContaining("restore the directory from a backup")
        .hasMessageContaining(NO_NORMALIZERS);
  }

  /// The failure of the last statement.
  private static SQLException failureOf(String url, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < statements.length - 1; i++) {
        statement.execute(statements[i]);
      }
      return assertThrows(
          SQLException.class, () -> statement.execute(statements[statements.length - 1]));
    }
  }
}
