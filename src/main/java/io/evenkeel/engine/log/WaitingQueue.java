package io.evenkeel.engine.log;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// The queue in front of the writer's thread: bounded in number and memory, in order, taken in
/// groups.
///
/// No item is lost between the callers and the writer: one lock guards every decision to take or
/// refuse an item, and a suspended or closed queue takes none.
public final class WaitingQueue {
  /// The result of an offer.
  enum Offer {
    /// It waits now.
    TAKEN,
    /// The queue is full.
    FULL,
    /// The queue is suspended or closed.
    REFUSED
  }

  /// Limits of a queue or a group.
  ///
  /// @param items the most items
  /// @param bytes the most memory; one item alone may take more
  public record Limits(int items, long bytes) {
    private boolean reached(long items, long bytes) {
      return items >= this.items || bytes >= this.bytes;
    }

    private boolean exceeded(long items, long bytes) {
      return items > this.items || (items > 1 && bytes > this.bytes);
    }
  }

  /// So many items share the cost of a commit well enough: a group does not wait for more.
  private static final int ENOUGH = 8;

  private final Limits whole;
  private final Limits group;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Waiting> items = new ArrayDeque<>();
  private long bytes;
  private boolean suspended;
  private boolean closed;
  private volatile int depth;
  private volatile boolean full;

  /// @param whole limits of the queue
  /// @param group limits of what is taken together
  public WaitingQueue(Limits whole, Limits group) {
    this.whole = whole;
    this.group = group;
  }

  Offer offer(Waiting item) {
    lock.lock();
    try {
      if (suspended || closed) {
        return Offer.REFUSED;
      }
      if (whole.exceeded(items.size() + 1L, bytes + item.bytes())) {
        return Offer.FULL;
      }
      items.add(item);
      bytes += item.bytes();
      counted();
      if (items.size() == 1 || isLargeEnough()) {
        changed.signal();
      }
      return Offer.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  private boolean isLargeEnough() {
    return items.size() >= ENOUGH || group.reached(items.size(), bytes);
  }

  /// Waits for an item, up to a number of milliseconds, and takes the items that are there, as many
  /// as a group may hold.
  ///
  /// @param grows whether a group that is not large enough should wait for more items
  /// @param patience how long it waits for them at most
  /// @return the items, perhaps none; empty once the queue is closed and nothing is left
  Optional<List<Waiting>> take(long milliseconds, BooleanSupplier grows, Duration patience) {
    lock.lock();
    try {
      awaitWhile(items::isEmpty, TimeUnit.MILLISECONDS.toNanos(milliseconds));
      if (!items.isEmpty()) {
        awaitWhile(() -> !isLargeEnough() && grows.getAsBoolean(), patience.toNanos());
      }
      if (items.isEmpty() && closed) {
        return Optional.empty();
      }
      List<Waiting> taken = new ArrayList<>(Math.min(items.size(), group.items));
      long takenBytes = 0;
      for (Waiting next = items.peek(); next != null; next = items.peek()) {
        takenBytes += next.bytes();
        if (group.exceeded(taken.size() + 1L, takenBytes)) {
          break;
        }
        taken.add(items.remove());
        bytes -= next.bytes();
      }
      counted();
      return Optional.of(taken);
    } finally {
      lock.unlock();
    }
  }

  private void awaitWhile(BooleanSupplier waits, long nanoseconds) {
    boolean interrupted = false;
    long left = nanoseconds;
    while (left > 0 && !closed && waits.getAsBoolean()) {
      try {
        left = changed.awaitNanos(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Lets a group go that waits to grow.
  void growNoLonger() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Refuses items until [#resume], and hands out all that wait.
  List<Waiting> suspend() {
    lock.lock();
    try {
      suspended = true;
      List<Waiting> taken = List.copyOf(items);
      items.clear();
      bytes = 0;
      counted();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  void resume() {
    lock.lock();
    try {
      suspended = false;
    } finally {
      lock.unlock();
    }
  }

  /// Refuses items from now on.
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits a number of milliseconds, or until the queue is closed.
  ///
  /// @return whether it is closed
  boolean awaitClosed(long milliseconds) {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(milliseconds);
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void counted() {
    depth = items.size();
    full = whole.reached(items.size(), bytes);
  }

  /// Whether even a small item would be refused. Does not wait for the lock.
  boolean isFull() {
    return full;
  }

  /// The number of items.
  public int depth() {
    return depth;
  }
}
