package io.evenkeel.simulator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Pieces of work beside each other, each on a thread, of which one runs at a time. A strand runs
/// until it pauses; when it goes on is a task of [SimulatedTime]. So the seed decides on the order.
///
/// The exception is a strand that waits in the database for a lock that another one holds. It is
/// found out by asking the database, and the others go on. Only one waits at a time, or else the
/// machine would decide which of them gets the lock.
final class Strands implements AutoCloseable {
  private static final long GLANCE_MILLIS = 2;

  private final SimulatedTime time;
  private final PreparedStatement isWaiting;
  private @Nullable Strand running;
  private @Nullable Strand blocked;
  private boolean released;

  /// @param keeper looks at what other sessions do
  Strands(SimulatedTime time, Connection keeper) throws SQLException {
    this.time = time;
    isWaiting = keeper.prepareStatement("SELECT cardinality(pg_blocking_pids(?)) > 0");
  }

  /// What has become of a strand when it gives the turn back.
  private enum Turn {
    CALLED,
    PAUSED,
    ENDED
  }

  /// One of them.
  final class Strand {
    private final Semaphore go = new Semaphore(0);
    private final Semaphore back = new Semaphore(0);
    private final Runnable work;
    private final Runnable afterwards;
    private volatile Turn turn = Turn.PAUSED;
    private volatile @Nullable Throwable failure;
    private volatile int session;
    private int pauses;

    private Strand(Runnable work, Runnable afterwards) {
      this.work = work;
      this.afterwards = afterwards;
      Thread.ofVirtual().start(this::run);
    }

    private void run() {
      go.acquireUninterruptibly();
      try {
        work.run();
      } catch (ProcessEnded e) {
        // as it should
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      turn = Turn.ENDED;
      back.release();
    }

    private void giveBack(Turn next) {
      turn = next;
      back.release();
      go.acquireUninterruptibly();
    }

    boolean hasEnded() {
      return turn == Turn.ENDED;
    }

    /// Lets it go on now, if it pauses.
    void wake() {
      goOnAfter(0);
    }

    private void goOnAfter(long milliseconds) {
      int pause = pauses;
      time.after(
          milliseconds,
          () -> {
            if (pauses == pause && turn == Turn.PAUSED) {
              turn(this);
            }
          });
    }

    /// Lets it run to its end at once. It pauses no more, and waits for nothing.
    void finish() {
      while (!hasEnded()) {
        turn(this);
      }
    }
  }

  /// Begins some work.
  ///
  /// @param afterwards follows each turn
  Strand start(Runnable work, Runnable afterwards) {
    Strand strand = new Strand(work, afterwards);
    strand.goOnAfter(0);
    return strand;
  }

  private Strand running() {
    Strand strand = running;
    if (strand == null) {
      throw new IllegalStateException("nothing is to wait here");
    }
    return strand;
  }

  /// The strand that runs is to wait.
  void pause(long milliseconds) {
    Strand strand = running();
    strand.turn = Turn.PAUSED;
    strand.goOnAfter(milliseconds);
    strand.giveBack(Turn.PAUSED);
  }

  /// The strand that runs.
  Strand present() {
    return running();
  }

  /// Whether a strand waits for a lock in the database.
  boolean isAnyBlocked() {
    return blocked != null;
  }

  /// A call of the database by the strand that runs.
  ///
  /// @param session the process of the server that is called
  <T> T call(int session, Callable<T> call) throws Exception {
    Strand strand = running();
    strand.session = session;
    try {
      return call.call();
    } finally {
      strand.session = 0;
      strand.giveBack(Turn.CALLED);
    }
  }

  /// Lets a strand run until it pauses, ends, or waits in the database.
  private void turn(Strand strand) {
    Strand before = running;
    strand.pauses++;
    do {
      running = strand;
      strand.go.release();
      if (!isBack(strand)) {
        requireNone();
        blocked = strand;
        break;
      }
    } while (strand.turn == Turn.CALLED);
    running = before;
    strand.afterwards.run();
    Throwable failed = strand.failure;
    if (failed != null) {
      strand.failure = null;
      throw failed instanceof Violation violation
          ? violation
          : new Violation("a thread has failed: " + failed, failed);
    }
    if (released) {
      look();
    }
  }

  /// What the blocked strand has waited for in the database was cancelled.
  void cancelled() {
    Strand waiting = blocked;
    if (waiting != null) {
      waiting.session = 0;
      look();
    }
  }

  private void requireNone() {
    if (blocked != null) {
      throw new IllegalStateException("two wait in the database");
    }
  }

  private boolean isBack(Strand strand) {
    try {
      while (!strand.back.tryAcquire(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
        if (isWaiting(strand.session)) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isWaiting(int session) {
    if (session == 0) {
      return false;
    }
    try {
      isWaiting.setInt(1, session);
      try (ResultSet row = isWaiting.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The strand that runs has ended a transaction.
  void released() {
    released = true;
  }

  /// Somebody may have given up a lock: lets the strand go on that has waited for it.
  void look() {
    released = false;
    Strand waiting = blocked;
    if (waiting != null && isBack(waiting)) {
      blocked = null;
      waiting.pauses++;
      waiting.turn = Turn.PAUSED;
      waiting.goOnAfter(0);
    }
  }

  @Override
  public void close() throws SQLException {
    isWaiting.close();
  }
}
