package io.evenkeel.engine.postgres;

import io.evenkeel.engine.log.StoreSource;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.PostgresReads;
import io.evenkeel.engine.store.PostgresSweep;
import io.evenkeel.engine.store.PostgresTables;
import io.evenkeel.engine.store.UnusableStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Instant;
import java.util.concurrent.locks.Lock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connects to the database, makes its tables, and compares every state in memory with it.
final class PostgresSource implements StoreSource<PostgresStore> {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresSource.class);

  private final Connections database;
  private final NormalizerStates states;
  private final Freshness freshness;
  private final PostgresMeters meters;
  private final long auditKept;
  private final UnaryOperator<Instant> clock;
  private final Machine machine;
  private final Lock ofStates;

  /// @param states those in memory
  /// @param auditKept how many entries the audit trail keeps
  /// @param clock makes the time of the log of the server's
  PostgresSource(
      Connections database,
      NormalizerStates states,
      Freshness freshness,
      PostgresMeters meters,
      long auditKept,
      UnaryOperator<Instant> clock,
      Machine machine) {
    this.database = database;
    this.states = states;
    this.freshness = freshness;
    this.meters = meters;
    this.auditKept = auditKept;
    this.clock = clock;
    this.machine = machine;
    ofStates = machine.lock();
  }

  @Override
  public PostgresStore open(long acknowledged) throws SQLException {
    @Nullable Connection writing = null;
    @Nullable Connection watching = null;
    try {
      writing = database.connect();
      Schema.prepare(writing, database.toString());
      watching = database.connect();
      watching.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      return open(writing, watching);
    } catch (SQLException | RuntimeException | Error e) {
      close(writing);
      close(watching);
      throw e;
    }
  }

  private PostgresStore open(Connection writing, Connection watching) throws SQLException {
    String name = database.toString();
    var reads = new PostgresReads(watching, name, states, ofStates);
    long start = machine.nanoTime();
    reads.load();
    freshness.proven(start);
    var tables = new PostgresTables(writing, name, states, clock);
    var sweep = new PostgresSweep(watching, auditKept);
    Watch watch = new Watch(reads, sweep, freshness, machine, meters.looks());
    PostgresStore store =
        new PostgresStore(
            writing,
            watching,
            tables,
            watch,
            ofStates,
            new Fates(database, meters, machine),
            meters);
    store.start(machine);
    return store;
  }

  private void close(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      LOG.debug("A connection to {} could not be closed", this, e);
    }
  }

  /// SQLSTATE classes, <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
  @Override
  public String remedy(Throwable failure) {
    if (failure instanceof UnusableStoreException unusable) {
      return "Stop the service. " + unusable.remedy();
    }
    if (failure.getCause() instanceof SQLTransientException) {
      return "This replica does so by itself.";
    }
    String state =
        failure instanceof SQLException e && e.getSQLState() != null ? e.getSQLState() : "";
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "28", "3D" -> "Correct the user, the password or the name of the database.";
      case "53" -> "Make room on its disk, or for its connections.";
      case "42" -> "Let the user make and use tables in its schema.";
      default -> "See to the database and the way to it.";
    };
  }

  /// The stack trace of a database that cannot be reached tells the operator nothing.
  @Override
  public boolean isTraced(Throwable failure) {
    return !(failure instanceof SQLException);
  }

  @Override
  public String toString() {
    return database.toString();
  }
}
