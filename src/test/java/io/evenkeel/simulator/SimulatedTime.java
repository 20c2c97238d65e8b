package io.evenkeel.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.Queue;

/// What is to happen, in order, and the time it is then: it passes only from one to the next.
///
/// The clock that the log sees can be set, forwards and backwards, as that of a machine can; what
/// is to happen does not happen sooner for that.
final class SimulatedTime implements InstantSource {
  private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");

  private final Queue<Task> tasks = new PriorityQueue<>();
  private Duration clockAhead = Duration.ZERO;
  private long now;
  private long planned;

  private record Task(long at, long order, Runnable action) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
    }
  }

  /// @param milliseconds from now; what is planned for the same one happens in the order of the
  ///   plans
  void after(long milliseconds, Runnable action) {
    tasks.add(new Task(now + milliseconds, planned++, action));
  }

  /// Lets the next thing happen.
  ///
  /// @return whether there was any
  boolean next() {
    Task task = tasks.poll();
    if (task == null) {
      return false;
    }
    now = task.at;
    task.action.run();
    return true;
  }

  /// Milliseconds since the start.
  long now() {
    return now;
  }

  void setClock(Duration ahead) {
    clockAhead = clockAhead.plus(ahead);
  }

  @Override
  public Instant instant() {
    return START.plus(clockAhead).plusMillis(now);
  }
}
