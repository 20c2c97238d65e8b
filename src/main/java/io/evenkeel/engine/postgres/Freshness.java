package io.evenkeel.engine.postgres;

import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/// How old the states in memory may be, and who waits for newer ones.
final class Freshness {
  private static final int MOST = 10_000;

  private final Machine machine;
  private final Lock lock;
  private final Condition changed;
  private List<MonoSink<Void>> waiting = new ArrayList<>();
  private boolean open;
  private long openings;
  private volatile long provenAt;

  Freshness(Machine machine) {
    this.machine = machine;
    lock = machine.lock();
    changed = lock.newCondition();
    provenAt = machine.nanoTime();
  }

  /// Completes once the states hold everything that any replica acknowledged before the
  /// subscription.
  Mono<Void> upToDate() {
    return Mono.create(caller -> {
      lock.lock();
      try {
        if (!open) {
          caller.error(StorageUnavailable.ofReads());
        } else if (waiting.size() >= MOST) {
          caller.error(new Overloaded());
        } else {
          waiting.add(caller);
          changed.signal();
        }
      } finally {
        lock.unlock();
      }
    });
  }

  /// Waits until somebody asks, up to a number of milliseconds, and takes those who do.
  List<MonoSink<Void>> await(long milliseconds) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(milliseconds);
      while (waiting.isEmpty() && open && left > 0) {
        left = changed.awaitNanos(left);
      }
      List<MonoSink<Void>> taken = waiting;
      waiting = new ArrayList<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /// The states hold what was acknowledged before this moment.
  ///
  /// @param moment of [Machine#nanoTime]
  void proven(long moment) {
    provenAt = moment;
  }

  /// The age of the states: nothing that was acknowledged before is missing.
  Duration age() {
    return Duration.ofNanos(machine.nanoTime() - provenAt);
  }

  /// The database can be reached.
  ///
  /// @return what [#close] takes
  long open() {
    lock.lock();
    try {
      open = true;
      return ++openings;
    } finally {
      lock.unlock();
    }
  }

  /// The database cannot be reached: refuses whoever waits. Does nothing if it was opened again
  /// meanwhile: a watch may end long after the store that it belonged to.
  void close(long opening) {
    List<MonoSink<Void>> refused;
    lock.lock();
    try {
      if (opening != openings) {
        return;
      }
      open = false;
      refused = waiting;
      waiting = new ArrayList<>();
      changed.signal();
    } finally {
      lock.unlock();
    }
    refused.forEach(caller -> caller.error(StorageUnavailable.ofReads()));
  }
}
