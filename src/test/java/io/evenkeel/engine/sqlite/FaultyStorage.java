package io.evenkeel.engine.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.UnaryOperator;

/// Connections that fail when told to. A step is the execution of a statement, or a commit.
final class FaultyStorage implements UnaryOperator<Connection> {
  /// Whether the failing step has happened all the same.
  enum When {
    BEFORE,
    AFTER
  }

  private int stepsLeft = Integer.MAX_VALUE;
  private When when = When.BEFORE;
  private boolean lasting;

  /// The n-th step from now fails, and those after it do not.
  synchronized void failAt(int step, When when) {
    this.stepsLeft = step;
    this.when = when;
    this.lasting = false;
  }

  /// Every step from now on fails.
  synchronized void fail() {
    failAt(1, When.BEFORE);
    lasting = true;
  }

  synchronized void heal() {
    stepsLeft = Integer.MAX_VALUE;
  }

  synchronized boolean hasFailed() {
    return stepsLeft <= 0;
  }

  @Override
  public Connection apply(Connection real) {
    return WatchedConnection.of(real, this::step);
  }

  private synchronized Object step(String method, WatchedConnection.Step step) throws Throwable {
    stepsLeft--;
    boolean fails = stepsLeft == 0 || (lasting && stepsLeft < 0);
    if (fails && when == When.BEFORE) {
      throw new SQLException("[SQLITE_IOERR_FSYNC] told to fail before " + method);
    }
    Object result = step.take();
    if (fails) {
      throw new SQLException("[SQLITE_IOERR_FSYNC] told to fail after " + method);
    }
    return result;
  }
}
