package io.evenkeel.engine.sqlite;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for the writer's thread, in order: bounded in number and memory, taken in groups.
///
/// Nothing is lost between the callers and the writer: whether an item is taken or refused is
/// decided under one lock, and once the queue is suspended or closed nothing gets in.
final class WaitingQueue {
  /// What became of an offer.
  enum Offer {
    /// It waits now.
    TAKEN,
    /// Too much waits already.
    FULL,
    /// Nothing is taken at present, or any longer.
    REFUSED
  }

  /// How much there may be at a time.
  ///
  /// @param items how many
  /// @param bytes of memory; one item alone may have more
  record Limits(int items, long bytes) {
    private boolean exceeded(long items, long bytes) {
      return items > this.items || (items > 1 && bytes > this.bytes);
    }
  }

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

  WaitingQueue(Limits whole, Limits group) {
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
      if (items.size() == 1) {
        changed.signal();
      }
      return Offer.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is anything, but not for longer than it is told to, then takes what is
  /// there, as far as a group goes.
  ///
  /// @return what was taken, which may be nothing; empty once the queue is closed and all has been
  ///   taken
  Optional<List<Waiting>> take(long milliseconds) {
    lock.lock();
    try {
      awaitAny(milliseconds);
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

  private void awaitAny(long milliseconds) {
    boolean interrupted = false;
    long left = TimeUnit.MILLISECONDS.toNanos(milliseconds);
    while (items.isEmpty() && !closed && left > 0) {
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

  /// Takes in nothing until [#resume], and gives out all that is there.
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

  /// Takes in nothing ever again.
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits, but not once the queue is closed.
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
    full = items.size() >= whole.items || bytes >= whole.bytes;
  }

  /// Whether not even a small item would be taken, without waiting for the lock.
  boolean isFull() {
    return full;
  }

  /// How many wait.
  int depth() {
    return depth;
  }
}
