package io.evenkeel.engine.postgres;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// The time, the chance, the locks and the threads of a replica. A simulator brings its own, so
/// that it decides what happens when.
interface Machine {
  /// That of the running JVM.
  Machine THIS =
      new Machine() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public long random(long bound) {
          return ThreadLocalRandom.current().nextLong(bound);
        }

        @Override
        public void pause(Duration time) {
          LockSupport.parkNanos(time.toNanos());
        }

        @Override
        public Lock lock() {
          return new ReentrantLock();
        }

        @Override
        public Scheduler scheduler() {
          return Schedulers.parallel();
        }

        @Override
        public Running start(String name, Runnable work) {
          Thread thread = Thread.ofPlatform().name(name).daemon().start(work);
          return patience -> {
            try {
              thread.join(patience);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
        }
      };

  /// As [System#nanoTime].
  long nanoTime();

  /// A random number of at least 0 and below the bound.
  long random(long bound);

  /// Waits.
  void pause(Duration time);

  /// A new lock.
  Lock lock();

  /// Answers those who wait.
  Scheduler scheduler();

  /// Begins work beside the thread that calls.
  Running start(String name, Runnable work);

  /// Work that goes on beside the thread that has started it.
  @FunctionalInterface
  interface Running {
    /// Waits until it has ended, but no longer than this.
    void await(Duration patience);
  }
}
