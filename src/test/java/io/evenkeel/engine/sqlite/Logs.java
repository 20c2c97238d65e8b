package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.QueueProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.springframework.util.unit.DataSize;

/// Opens logs for tests.
final class Logs {
  private Logs() {}

  static SqliteNormalizerLog open(Path directory) {
    return open(directory.toString(), InstantSource.system());
  }

  static SqliteNormalizerLog open(String directory, InstantSource clock) {
    return open(directory, clock, UnaryOperator.identity());
  }

  static SqliteNormalizerLog open(Path directory, AuditProperties audit) {
    return SqliteNormalizerLog.open(
        new SqliteProperties(directory.toString()),
        new QueueProperties(10_000, DataSize.ofMegabytes(64)),
        audit,
        InstantSource.system(),
        new SimpleMeterRegistry());
  }

  static SqliteNormalizerLog open(
      String directory, InstantSource clock, UnaryOperator<Connection> wrapped) {
    return SqliteNormalizerLog.open(
        new SqliteProperties(directory),
        new QueueProperties(10_000, DataSize.ofMegabytes(64)),
        AuditProperties.DEFAULT,
        clock,
        new SimpleMeterRegistry(),
        wrapped);
  }

  /// A connection that does not commit by itself, to a file that no directory is claimed for.
  static Connection connect(Path database) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    connection.setAutoCommit(false);
    return connection;
  }

  /// What a power cut would leave: the files as they are now, without the log being closed.
  static Path copy(Path directory, Path into) throws IOException {
    Files.createDirectories(into);
    for (String file : new String[] {"evenkeel.db", "evenkeel.db-wal"}) {
      if (Files.exists(directory.resolve(file))) {
        Files.copy(directory.resolve(file), into.resolve(file));
      }
    }
    return into;
  }
}
