package io.evenkeel.engine.postgres;

import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.NormalizerName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Parts in tables that are not logged: they cost no writing ahead, no commit waits for the disk,
/// and a crash or a standby that takes over empties them. Then each replica shows its parts anew.
///
/// It has a connection of its own, which is opened again after a failure. Each statement is a
/// transaction, and ends after five seconds at most.
final class PostgresParts implements NormalizerLog.Parts {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresParts.class);

  private static final String SESSION =
      """
      SELECT set_config('synchronous_commit', 'off', false),
        set_config('statement_timeout', '5s', false), set_config('lock_timeout', '2s', false)
      """;

  private final Connections connections;
  private final UUID replica = UUID.randomUUID();
  private @Nullable Connection connection;
  private long revision;

  PostgresParts(Connections connections) {
    this.connections = connections;
  }

  /// A use of the connection.
  private interface Use<T> {
    T of(Connection connection) throws SQLException;
  }

  private <T> T with(Use<T> use) throws IOException {
    try {
      if (connection == null) {
        connection = opened();
      }
      return use.of(connection);
    } catch (SQLException e) {
      close();
      throw new IOException(e.getMessage(), e);
    }
  }

  private Connection opened() throws SQLException {
    Connection opened = connections.connect();
    try (Statement statement = opened.createStatement()) {
      opened.setAutoCommit(true);
      statement.execute(SESSION);
      return opened;
    } catch (SQLException e) {
      opened.close();
      throw e;
    }
  }

  private void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      LOG.debug("A connection to {} could not be closed", connections, e);
    }
    connection = null;
  }

  /// Rows that another replica is deleting are left to it.
  @Override
  public boolean renew(Duration lease) throws IOException {
    return with(database -> {
      boolean kept;
      try (PreparedStatement renew =
          database.prepareStatement(
              """
              INSERT INTO replica_lease VALUES (?, clock_timestamp(), clock_timestamp() + ? * interval '1 millisecond')
              ON CONFLICT (replica) DO UPDATE SET at = excluded.at, until = excluded.until
              RETURNING xmax <> 0
              """)) {
        renew.setObject(1, replica);
        renew.setLong(2, lease.toMillis());
        try (ResultSet row = renew.executeQuery()) {
          row.next();
          kept = row.getBoolean(1);
        }
      }
      try (Statement forget = database.createStatement()) {
        forget.executeUpdate(
            """
            DELETE FROM replica_lease WHERE replica IN (
              SELECT replica FROM replica_lease WHERE until < clock_timestamp() FOR UPDATE SKIP LOCKED)
            """);
        forget.executeUpdate(
            """
            DELETE FROM replica_part WHERE (replica, name) IN (
              SELECT replica, name FROM replica_part p WHERE NOT EXISTS (
                SELECT FROM replica_lease o WHERE o.replica = p.replica) FOR UPDATE SKIP LOCKED)
            """);
      }
      return kept;
    });
  }

  @Override
  public void show(NormalizerName name, Digest subject, byte[] part) throws IOException {
    with(database -> {
      try (PreparedStatement show =
          database.prepareStatement(
              """
              INSERT INTO replica_part VALUES (?, ?, ?, ?, ?) ON CONFLICT (replica, name) DO UPDATE SET
                subject = excluded.subject, revision = excluded.revision, part = excluded.part
              """)) {
        show.setObject(1, replica);
        show.setString(2, name.value());
        show.setBytes(3, subject.bytes());
        show.setLong(4, ++revision);
        show.setBytes(5, part);
        return show.executeUpdate();
      }
    });
  }

  @Override
  public void withdraw(NormalizerName name) throws IOException {
    with(database -> {
      try (PreparedStatement withdraw =
          database.prepareStatement("DELETE FROM replica_part WHERE replica = ? AND name = ?")) {
        withdraw.setObject(1, replica);
        withdraw.setString(2, name.value());
        return withdraw.executeUpdate();
      }
    });
  }

  @Override
  public List<Shown> others() throws IOException {
    return with(database -> {
      List<Shown> found = new ArrayList<>();
      try (PreparedStatement look =
          database.prepareStatement(
              """
              SELECT p.replica, p.name, p.subject, p.revision,
                extract(epoch FROM clock_timestamp() - o.at) * 1000
              FROM replica_part p JOIN replica_lease o ON o.replica = p.replica
              WHERE p.replica <> ? AND o.until >= clock_timestamp()
              """)) {
        look.setObject(1, replica);
        try (ResultSet row = look.executeQuery()) {
          while (row.next()) {
            found.add(
                new Shown(
                    row.getObject(1, UUID.class),
                    new NormalizerName(row.getString(2)),
                    Digest.ofBytes(row.getBytes(3)),
                    row.getLong(4),
                    Duration.ofMillis(Math.max(0, row.getLong(5)))));
          }
        }
      }
      return found;
    });
  }

  @Override
  public Optional<byte[]> read(Shown shown) throws IOException {
    return with(database -> {
      try (PreparedStatement read =
          database.prepareStatement(
              "SELECT part FROM replica_part WHERE replica = ? AND name = ? AND revision = ?")) {
        read.setObject(1, shown.replica());
        read.setString(2, shown.name().value());
        read.setLong(3, shown.revision());
        try (ResultSet row = read.executeQuery()) {
          return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
        }
      }
    });
  }

  @Override
  public void leave() {
    try {
      with(database -> {
        try (PreparedStatement leave =
            database.prepareStatement(
                "WITH gone AS (DELETE FROM replica_part WHERE replica = ?) DELETE FROM"
                    + " replica_lease WHERE replica = ?")) {
          leave.setObject(1, replica);
          leave.setObject(2, replica);
          return leave.executeUpdate();
        }
      });
    } catch (IOException e) {
      LOG.debug("The parts of this replica are forgotten later", e);
    }
    close();
  }
}
