package io.evenkeel.simulator;

import io.evenkeel.engine.sqlite.SteppedLog;
import io.evenkeel.engine.sqlite.WatchedConnection;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A disk that outlives the process, with SQLite's tables on it, in memory: what has been committed
/// stays, and what has not is gone with the connection. Each statement and each commit may fail, or
/// be the last thing that the process did.
final class SimulatedDisk implements SteppedLog.Disk, AutoCloseable {
  /// What can become of a step.
  private enum Fault {
    /// It has failed.
    FAILS,
    /// It has failed, and SQLite has rolled back by itself.
    FAILS_AND_ROLLS_BACK,
    /// It has happened, and is said to have failed.
    HAPPENS_AND_FAILS,
    /// There was no memory left for it, which the process survives.
    EXHAUSTS_MEMORY,
    /// The process ends before it.
    ENDS_BEFORE,
    /// The process ends after it.
    ENDS_AFTER
  }

  private final Chance chance;
  private final SimulatedTime time;
  private final Trace trace;
  private final double percentOfSteps;
  private final String url;
  private final Connection keeper;
  private final List<Connection> connections = new ArrayList<>();
  private boolean calm;
  private boolean ended;
  private boolean failed;
  private long brokenUntil = -1;
  private int commits;
  private int failures;

  /// @param percentOfSteps how often a step fails; commits do so ten times as often
  SimulatedDisk(Chance chance, SimulatedTime time, Trace trace, double percentOfSteps)
      throws SQLException {
    this.chance = chance;
    this.time = time;
    this.trace = trace;
    this.percentOfSteps = percentOfSteps;
    url = "jdbc:sqlite:file:/" + UUID.randomUUID() + "?vfs=memdb";
    keeper = DriverManager.getConnection(url);
    try (Statement statement = keeper.createStatement()) {
      statement.execute("PRAGMA user_version");
    }
  }

  @Override
  public Connection connect() throws SQLException {
    if (ended) {
      throw new ProcessEnded();
    }
    Connection real = DriverManager.getConnection(url);
    real.setAutoCommit(false);
    connections.add(real);
    return WatchedConnection.of(real, (method, step) -> step(real, method, step));
  }

  private Object step(Connection real, String method, WatchedConnection.Step step)
      throws Throwable {
    if (ended) {
      throw new ProcessEnded();
    }
    boolean commit = WatchedConnection.isCommit(method);
    Fault fault = fault(commit);
    if (fault != null) {
      trace.add("disk:", method, fault);
    }
    if (fault == Fault.FAILS || fault == Fault.FAILS_AND_ROLLS_BACK) {
      if (fault == Fault.FAILS_AND_ROLLS_BACK) {
        real.rollback();
      }
      throw failure();
    }
    if (fault == Fault.EXHAUSTS_MEMORY) {
      failed = true;
      throw new OutOfMemoryError("simulated");
    }
    if (fault == Fault.ENDS_BEFORE) {
      throw end();
    }
    Object result = step.take();
    if (commit) {
      commits++;
    }
    if (fault == Fault.HAPPENS_AND_FAILS) {
      throw failure();
    }
    if (fault == Fault.ENDS_AFTER) {
      throw end();
    }
    return result;
  }

  private @Nullable Fault fault(boolean commit) {
    if (calm) {
      return null;
    }
    if (time.now() < brokenUntil) {
      return Fault.FAILS;
    }
    if (!chance.percent(commit ? 10 * percentOfSteps : percentOfSteps)) {
      return null;
    }
    if (chance.percent(10)) {
      brokenUntil = time.now() + chance.between(1, 500);
    }
    return chance.oneOf(List.of(Fault.values()));
  }

  private SQLException failure() {
    failed = true;
    failures++;
    return new SQLException("[SQLITE_IOERR] simulated");
  }

  private ProcessEnded end() {
    ended = true;
    return new ProcessEnded();
  }

  /// How many commits have happened, whatever was said of them.
  int commits() {
    return commits;
  }

  /// How many steps have failed.
  int failures() {
    return failures;
  }

  /// How many rows there are of normalizers that there are not.
  int remains() throws SQLException {
    try (Statement statement = keeper.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT count(*) FROM (
                  SELECT incarnation FROM head UNION ALL SELECT incarnation FROM snapshot
                  UNION ALL SELECT incarnation FROM window_entry)
                WHERE incarnation NOT IN (SELECT incarnation FROM normalizer)
                """)) {
      return row.getInt(1);
    }
  }

  /// Whether any step has failed since this was asked last.
  boolean hasFailed() {
    boolean since = failed;
    failed = false;
    return since;
  }

  /// Whether the process has ended in a step.
  boolean hasEnded() {
    return ended;
  }

  /// The process is gone, and what it has not committed with it.
  void endProcess() throws SQLException {
    ended = true;
    for (Connection connection : connections) {
      connection.close();
    }
    connections.clear();
  }

  /// Another process begins.
  void beginProcess() {
    ended = false;
    failed = false;
  }

  /// Nothing fails any more.
  void calm() {
    calm = true;
  }

  @Override
  public void close() throws SQLException {
    endProcess();
    keeper.close();
  }
}
