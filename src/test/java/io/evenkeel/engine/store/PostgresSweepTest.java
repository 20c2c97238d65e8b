package io.evenkeel.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.postgres.PostgresNormalizerLog;
import io.evenkeel.faults.replicas.ScratchServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/// What a sweep drops, and what it leaves: rows made by hand, in the tables of a real server.
class PostgresSweepTest {
  private static final int KEPT = 3;

  /// Keys are forgotten by their block; this many blocks may hold one that is not.
  private static final int BLOCKS = 8;

  private static ScratchServer server;

  private String url;
  private Connection connection;

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

  @BeforeEach
  void makeTables() throws Exception {
    url = server.database();
    PostgresNormalizerLog.open(
            ScratchServer.propertiesOf(url),
            new QueueProperties(10, DataSize.ofMegabytes(1)),
            AuditProperties.DEFAULT,
            new SimpleMeterRegistry())
        .close();
    execute("TRUNCATE touched");
    connection = connect();
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.close();
  }

  private Connection connect() throws SQLException {
    Connection made = DriverManager.getConnection(url);
    made.setAutoCommit(false);
    made.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    return made;
  }

  private void execute(String... statements) throws SQLException {
    try (Connection each = DriverManager.getConnection(url);
        Statement statement = each.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private long count(String from) throws SQLException {
    try (Connection each = DriverManager.getConnection(url);
        Statement statement = each.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + from)) {
      row.next();
      return row.getLong(1);
    }
  }

  /// @return of how many portions it was
  private static int sweep(PostgresSweep sweep) throws SQLException {
    int portions = 1;
    while (sweep.next()) {
      portions++;
    }
    return portions;
  }

  private static String keys(String incarnations, String blocks) {
    return """
    INSERT INTO applied_key (incarnation, block, hash, fingerprint, ordinal, version, at)
    SELECT i, b, decode(md5(i || '-' || b), 'hex'), '', b * 16384, 1, 1
    FROM generate_series(%s) AS i, generate_series(%s) AS b
    """
        .formatted(incarnations, blocks);
  }

  private static String heads(String incarnations) {
    return """
    INSERT INTO head (incarnation, position, state) SELECT i, i, '' FROM generate_series(%s) AS i
    """
        .formatted(incarnations);
  }

  @Test
  void groupsAreDroppedTenMinutesAfterTheyWereWritten() throws Exception {
    // the transactions that made the server itself are the oldest
    execute(
        """
        INSERT INTO touched (txid, mark, at, names)
        SELECT i::text::xid8, gen_random_uuid(), clock_timestamp() - i * interval '20 s', '{n}'
        FROM generate_series(1, 60) AS i
        """);
    sweep(new PostgresSweep(connection, KEPT));
    // the thirtieth becomes 600 s old meanwhile
    assertThat(count("touched WHERE txid < '30'")).isEqualTo(29);
    assertThat(count("touched WHERE txid > '30'")).isZero();
  }

  @Test
  void keysThatMayStillBeRememberedStay() throws Exception {
    execute(heads("1, 2"), keys("1, 1", "0, 20"), keys("2, 2", "0, 3"));
    sweep(new PostgresSweep(connection, KEPT));
    assertThat(count("applied_key WHERE incarnation = 1")).isEqualTo(BLOCKS);
    assertThat(count("applied_key WHERE incarnation = 1 AND block > 20 - " + BLOCKS))
        .isEqualTo(BLOCKS);
    assertThat(count("applied_key WHERE incarnation = 2")).isEqualTo(4);
  }

  @Test
  void theKeysOfANormalizerThatIsGoneAreDropped() throws Exception {
    execute(heads("1, 1"), keys("1, 2", "0, 3"));
    sweep(new PostgresSweep(connection, KEPT));
    assertThat(count("applied_key WHERE incarnation = 1")).isEqualTo(4);
    assertThat(count("applied_key WHERE incarnation = 2")).isZero();
  }

  @Test
  void aPortionDropsSoManyRowsAndTheNextOneTheRest() throws Exception {
    // one normalizer with more to drop than a portion, and one after it
    execute(heads("1, 1"), keys("1, 1", "0, 12007"), keys("2, 2", "0, 0"));
    int portions = sweep(new PostgresSweep(connection, KEPT));
    assertThat(count("applied_key")).isEqualTo(BLOCKS);
    // groups, 5000, 5000, the rest of 12001, audit
    assertThat(portions).isEqualTo(5);
  }

  @Test
  void manyNormalizersAreGoneRoundInSeveralSweeps() throws Exception {
    int looked = PostgresSweep.NORMALIZERS * PostgresSweep.PORTIONS_OF_KEYS;
    // of all these only the last has something to drop
    execute(
        heads("1, " + (looked + 1)),
        keys("1, " + (looked + 1), "20, 20"),
        keys((looked + 1) + ", " + (looked + 1), "0, 0"));
    PostgresSweep sweep = new PostgresSweep(connection, KEPT);
    assertThat(sweep(sweep)).isEqualTo(1 + PostgresSweep.PORTIONS_OF_KEYS + 1);
    assertThat(count("applied_key")).isEqualTo(looked + 2);
    assertThat(sweep(sweep)).isEqualTo(3);
    assertThat(count("applied_key")).isEqualTo(looked + 1);
    // and begins anew
    execute(keys("1, 1", "0, 0"));
    sweep(sweep);
    assertThat(count("applied_key")).isEqualTo(looked + 1);
  }

  @Test
  void theTrailKeepsTheLatestEntries() throws Exception {
    execute(
        """
        INSERT INTO audit (position, at, command, name, version)
        SELECT i * 10, 1, 'freeze', 'n', i FROM generate_series(1, 5003) AS i
        """);
    assertThat(sweep(new PostgresSweep(connection, KEPT))).isEqualTo(4);
    assertThat(count("audit")).isEqualTo(KEPT);
    assertThat(count("audit WHERE position > 50000")).isEqualTo(KEPT);
  }

  @Test
  void whatAnotherReplicaIsDroppingIsPassedOver() throws Exception {
    execute(heads("1, 1"), keys("1, 1", "0, 20"));
    try (Connection other = connect();
        Statement statement = other.createStatement()) {
      statement.execute("DELETE FROM applied_key WHERE block < 5");
      sweep(new PostgresSweep(connection, KEPT));
      other.commit();
    }
    assertThat(count("applied_key")).isEqualTo(BLOCKS);
  }
}
