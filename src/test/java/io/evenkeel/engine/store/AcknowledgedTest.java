package io.evenkeel.engine.store;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.faults.replicas.ScratchServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Commits of a real PostgreSQL.
class AcknowledgedTest {
  private static ScratchServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = ScratchServer.start();
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private static Connection writing(String url) throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS kept (x int)");
      statement.execute("INSERT INTO kept VALUES (1)");
    }
    return connection;
  }

  /// Nobody is the standby that the commit waits for, so that somebody ends the waiting. The server
  /// takes the setting a moment after it was told; commits until then do not wait.
  @Test
  void aCommitThatTheStandbyMayNotHaveDoesNotCount() throws Exception {
    String url = server.database();
    try (Connection writing = writing(url);
        Connection other = DriverManager.getConnection(url);
        Statement operator = other.createStatement()) {
      operator.execute("SET synchronous_commit = local");
      operator.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
      operator.execute("SELECT pg_reload_conf()");
      CompletableFuture<Void> commit =
          CompletableFuture.runAsync(() -> {
            try (Statement statement = writing.createStatement()) {
              while (true) {
                Acknowledged.commit(writing);
                statement.execute("INSERT INTO kept VALUES (2)");
              }
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          });
      try {
        await().until(() -> isCancelled(operator));
        assertThatThrownBy(commit::join)
            .hasRootCauseInstanceOf(SQLWarning.class)
            .hasStackTraceContaining("canceling wait for synchronous replication");
      } finally {
        operator.execute("ALTER SYSTEM RESET synchronous_standby_names");
        operator.execute("SELECT pg_reload_conf()");
      }
      assertThatCode(() -> Acknowledged.commit(writing))
          .as("the warning of the commit before")
          .doesNotThrowAnyException();
    }
  }

  private static boolean isCancelled(Statement operator) throws SQLException {
    try (ResultSet row =
        operator.executeQuery(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")) {
      return row.next();
    }
  }
}
