package io.evenkeel.simulator;

import io.evenkeel.engine.postgres.SteppedReplica;
import io.evenkeel.simulator.SimulatedSession.Fault;
import io.evenkeel.simulator.Strands.Strand;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one replica runs on, one process after the other: its time, its locks, its threads, and its
/// connections to the database.
final class SimulatedHost implements SteppedReplica.Host {
  private static final List<Fault> FAULTS = List.of(Fault.values());

  private final String name;
  private final SimulatedTime time;
  private final Chance chance;
  private final Trace trace;
  private final Strands strands;
  private final SimulatedDatabase database;
  private final double percentOfSteps;
  private final Consumer<Instant> begun;
  private final List<SimulatedSession> sessions = new ArrayList<>();
  private final List<Strand> threads = new ArrayList<>();
  private Runnable afterTurns = () -> {};
  private @Nullable SimulatedSession latest;
  private boolean calm;
  private boolean ended;
  private long brokenUntil = -1;
  private int failures;
  private int opened;
  private int underWay;

  /// @param percentOfSteps how often a step fails; commits do so ten times as often
  /// @param begun hears of each time that a group is given
  SimulatedHost(
      String name,
      SimulatedTime time,
      Chance chance,
      Trace trace,
      Strands strands,
      SimulatedDatabase database,
      double percentOfSteps,
      Consumer<Instant> begun) {
    this.name = name;
    this.time = time;
    this.chance = chance;
    this.trace = trace;
    this.strands = strands;
    this.database = database;
    this.percentOfSteps = percentOfSteps;
    this.begun = begun;
  }

  /// Another process begins.
  ///
  /// @param afterTurn follows each turn of a thread
  void beginProcess(Runnable afterTurn) {
    ended = false;
    afterTurns = afterTurn;
  }

  /// The process is gone. What its threads were about to do does not happen.
  void endProcess() {
    ended = true;
    sessions.forEach(SimulatedSession::abandon);
    sessions.clear();
    strands.look();
    List.copyOf(threads).forEach(Strand::finish);
    threads.clear();
    strands.look();
  }

  /// The process ends now, in the midst of what the thread that runs does.
  ProcessEnded end() {
    ended = true;
    return new ProcessEnded();
  }

  boolean hasEnded() {
    return ended;
  }

  /// Ends the thread that calls if the process has ended.
  void check() {
    if (ended) {
      throw new ProcessEnded();
    }
  }

  @Override
  public Connection connect() throws SQLException {
    pause(chance.between(0, 5));
    if (fault(false) != null) {
      trace.add(name, "cannot connect");
      throw new SQLException("simulated: the database cannot be reached", "08001");
    }
    SimulatedSession session =
        new SimulatedSession(this, database, database.take(), name + ", session " + ++opened);
    sessions.add(session);
    return session.watched();
  }

  /// Lets others have their turn before a step.
  ///
  /// @param mayWait whether the step may wait for others, which only one does at a time
  void awaitTurn(boolean mayWait) {
    pause(chance.percent(85) ? chance.between(0, 2) : chance.between(0, 40));
    while (mayWait && strands.isAnyBlocked()) {
      pause(chance.between(1, 5));
    }
  }

  /// What becomes of the next step.
  @Nullable Fault fault(boolean commit) {
    if (calm) {
      return null;
    }
    if (time.now() < brokenUntil) {
      failures++;
      return Fault.LOST_BEFORE;
    }
    if (!chance.percent(commit ? 10 * percentOfSteps : percentOfSteps)) {
      return null;
    }
    if (chance.percent(10)) {
      isolate(chance.percent(80) ? chance.between(1, 1_000) : chance.between(1_000, 15_000));
    }
    failures++;
    return chance.oneOf(FAULTS);
  }

  /// The database cannot be reached for some time.
  void isolate(long milliseconds) {
    failures++;
    brokenUntil = Math.max(brokenUntil, time.now() + milliseconds);
  }

  /// A replica learns that a connection is lost.
  void noticed() {
    failures++;
  }

  /// The database ends all connections.
  void loseConnections() {
    failures++;
    sessions.forEach(SimulatedSession::lose);
    strands.look();
  }

  void tell(Object... words) {
    trace.add(words);
  }

  long pauseOfLock() {
    return chance.between(0, 2);
  }

  boolean isEven() {
    return chance.percent(50);
  }

  long longPause() {
    return chance.percent(70) ? chance.between(10, 500) : chance.between(1_000, 12_000);
  }

  /// The server does something some time, whatever becomes of the process.
  void later(Runnable action) {
    underWay++;
    time.after(
        chance.percent(80) ? chance.between(1, 500) : chance.between(500, 14_000),
        () -> {
          underWay--;
          action.run();
          strands.look();
        });
  }

  /// How many things the server does some time.
  int underWay() {
    return underWay;
  }

  /// The session that takes a step.
  void stepsOf(SimulatedSession session) {
    latest = session;
  }

  /// The session that has taken the latest step.
  SimulatedSession latest() {
    SimulatedSession session = latest;
    if (session == null) {
      throw new IllegalStateException("no step was taken");
    }
    return session;
  }

  /// A call of the server.
  interface Call {
    void call() throws Throwable;
  }

  void call(int process, Call call) throws Throwable {
    Throwable[] thrown = new Throwable[1];
    Callable<Boolean> caught =
        () -> {
          try {
            call.call();
          } catch (Throwable e) {
            thrown[0] = e;
          }
          return true;
        };
    strands.call(process, caught);
    if (thrown[0] != null) {
      throw thrown[0];
    }
  }

  /// A transaction has ended.
  void released() {
    strands.released();
  }

  /// What a thread has waited for in the database was cancelled.
  void cancelled() {
    strands.cancelled();
  }

  /// How many faults it has had.
  int failures() {
    return failures;
  }

  /// Nothing fails any more.
  void calm() {
    calm = true;
  }

  boolean isCalm() {
    return calm;
  }

  @Override
  public Instant instant() {
    Instant now = time.instant();
    begun.accept(now);
    return now;
  }

  @Override
  public long nanoTime() {
    return TimeUnit.MILLISECONDS.toNanos(time.now());
  }

  @Override
  public long random(long bound) {
    return chance.between(0, (int) bound - 1);
  }

  @Override
  public void pause(Duration wanted) {
    pause(Math.max(1, wanted.toMillis()));
  }

  void pause(long milliseconds) {
    check();
    strands.pause(milliseconds);
    check();
  }

  @Override
  public Lock lock() {
    return new SimulatedLock(this, time, strands);
  }

  @Override
  public Consumer<Duration> start(Runnable work) {
    Strand thread = run(work);
    return patience -> {
      long end = time.now() + patience.toMillis();
      while (!thread.hasEnded() && time.now() < end) {
        pause(chance.between(1, 10));
      }
    };
  }

  /// Begins a thread.
  Strand run(Runnable work) {
    check();
    threads.removeIf(Strand::hasEnded);
    Strand thread = strands.start(work, () -> afterTurns.run());
    threads.add(thread);
    return thread;
  }
}
