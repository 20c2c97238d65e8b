package io.evenkeel.simulator;

import io.evenkeel.engine.sqlite.WatchedConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One connection of a replica to the database. Before each statement and each commit other strands
/// may have their turn, and each of them may fail.
final class SimulatedSession implements WatchedConnection.Watcher {
  /// What can become of a step.
  enum Fault {
    /// The connection is lost before the step.
    LOST_BEFORE,
    /// The connection is lost after the step, before its answer.
    LOST_AFTER,
    /// The connection is lost while the step is under way; the server ends a commit later.
    LOST_DURING,
    /// The server refuses it, and its transaction with it.
    REFUSED,
    /// It has happened, but the standby does not have it.
    HAPPENS_WITH_A_WARNING,
    /// There was no memory left for it, which the process survives.
    EXHAUSTS_MEMORY,
    /// Nothing goes on for a long time before it, and the server may end the transaction.
    STALLS,
    /// The process ends before it.
    ENDS_BEFORE,
    /// The process ends after it.
    ENDS_AFTER
  }

  /// How long the server lets a transaction stand still.
  private static final int LONGEST_IDLE_MILLIS = 5_000;

  private static final Set<String> WATCHED = Set.of("rollback", "close", "getWarnings");

  private final SimulatedHost host;
  private final SimulatedDatabase database;
  private final SimulatedDatabase.Session session;
  private final String name;
  private boolean open;
  private boolean calling;
  private boolean lost;
  private boolean given;
  private @Nullable SQLWarning warning;
  private @Nullable Runnable decided;

  SimulatedSession(
      SimulatedHost host,
      SimulatedDatabase database,
      SimulatedDatabase.Session session,
      String name) {
    this.host = host;
    this.database = database;
    this.session = session;
    this.name = name;
  }

  /// The connection as the replica has it.
  Connection watched() {
    return WatchedConnection.of(session.connection(), this);
  }

  /// What happens once the present transaction has ended as it was told to.
  void onceDecided(Runnable action) {
    decided = action;
  }

  @Override
  public boolean watches(String method) {
    return WATCHED.contains(method);
  }

  @Override
  public @Nullable Object step(String method, WatchedConnection.Step step) throws Throwable {
    return step(method, "", step);
  }

  @Override
  public @Nullable Object step(String method, String sql, WatchedConnection.Step step)
      throws Throwable {
    return switch (method) {
      case "close" -> {
        lose();
        yield null;
      }
      case "getWarnings" -> {
        SQLWarning told = warning;
        warning = null;
        yield told == null ? step.take() : told;
      }
      default -> {
        host.awaitTurn(!open && mayWait(sql));
        requireThere();
        boolean commit = WatchedConnection.isCommit(method);
        yield take(host.fault(commit), method, sql, step);
      }
    };
  }

  /// Whether other replicas may hold what the statement locks.
  private static boolean mayWait(String sql) {
    return sql.contains("INSERT INTO normalizer") || sql.contains("evenkeel_schema");
  }

  private @Nullable Object take(
      @Nullable Fault fault, String method, String sql, WatchedConnection.Step step)
      throws Throwable {
    if (fault == null) {
      return happen(method, step);
    }
    host.tell(name, method, sql.strip().lines().findFirst().orElse(""), fault);
    switch (fault) {
      case LOST_BEFORE -> {
        lose();
        throw lost();
      }
      case LOST_AFTER -> {
        happen(method, step);
        lose();
        throw lost();
      }
      case LOST_DURING -> {
        if (WatchedConnection.isCommit(method)) {
          endLater(step);
        } else {
          lose();
        }
        throw lost();
      }
      case REFUSED -> {
        lose();
        throw new SQLException("simulated: no space left on device", "53100");
      }
      case HAPPENS_WITH_A_WARNING -> {
        Object result = happen(method, step);
        if (WatchedConnection.isCommit(method)) {
          warning = new SQLWarning("simulated: might not have been replicated to the standby");
        }
        return result;
      }
      case EXHAUSTS_MEMORY -> throw new OutOfMemoryError("simulated");
      case STALLS -> {
        stall();
        requireThere();
        return happen(method, step);
      }
      case ENDS_BEFORE -> throw host.end();
      case ENDS_AFTER -> {
        happen(method, step);
        throw host.end();
      }
    }
    throw new IllegalStateException("nothing becomes of it");
  }

  private void requireThere() throws SQLException {
    if (lost) {
      // maybe long after it was lost: what the replica refuses now has its reason all the same
      host.noticed();
      throw lost();
    }
  }

  private static SQLException lost() {
    return new SQLException("simulated: the connection is lost", "08006");
  }

  private @Nullable Object happen(String method, WatchedConnection.Step step) throws Throwable {
    calling = true;
    Object[] result = new Object[1];
    try {
      host.stepsOf(this);
      host.call(session.process(), () -> result[0] = step.take());
    } finally {
      calling = false;
      if (lost) {
        giveBack();
      }
    }
    if (WatchedConnection.isCommit(method) || method.equals("rollback")) {
      open = false;
      host.released();
      decide();
    } else {
      open = true;
    }
    return result[0];
  }

  private void decide() {
    Runnable action = decided;
    decided = null;
    if (action != null) {
      action.run();
    }
  }

  /// The server goes on with the commit though nobody hears of it; or it has not got it, and finds
  /// out some time that the connection is gone.
  private void endLater(WatchedConnection.Step commit) {
    lost = true;
    boolean commits = host.isEven();
    host.later(() -> {
      host.tell(name, "the server", commits ? "commits" : "rolls back", "at last");
      if (commits) {
        try {
          commit.take();
        } catch (Throwable e) {
          throw new IllegalStateException(e);
        }
        decide();
      }
      giveBack();
    });
  }

  private void stall() {
    boolean idles = open;
    long pause = host.longPause();
    if (idles && pause > LONGEST_IDLE_MILLIS) {
      host.pause(LONGEST_IDLE_MILLIS);
      lose();
      host.pause(pause - LONGEST_IDLE_MILLIS);
    } else {
      host.pause(pause);
    }
  }

  /// The connection ends, and with it what was not committed.
  void lose() {
    if (lost) {
      return;
    }
    lost = true;
    if (calling) {
      database.cancel(session);
      host.cancelled();
    } else {
      giveBack();
    }
  }

  /// The process has ended; the server notices now or later.
  void abandon() {
    if (lost || calling || !open || host.isEven()) {
      lose();
    } else {
      lost = true;
      host.later(this::giveBack);
    }
  }

  private void giveBack() {
    if (!given) {
      given = true;
      decided = null;
      database.giveBack(session);
      host.released();
    }
  }
}
