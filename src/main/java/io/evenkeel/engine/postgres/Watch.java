package io.evenkeel.engine.postgres;

import io.evenkeel.engine.store.PostgresReads;
import io.evenkeel.engine.store.PostgresSweep;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.micrometer.core.instrument.Timer;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;

/// Looks for what other replicas have written: five times a second, and at once when somebody
/// waits. One look serves all who wait when it begins.
final class Watch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final long PAUSE_MILLIS = 200;
  private static final long SWEEP_SECONDS = 60;

  private final PostgresReads reads;
  private final PostgresSweep sweep;
  private final Freshness freshness;
  private final long opening;
  private final Machine machine;
  private final Timer looks;
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;
  private long sweepAt;

  /// @param looks times each look
  Watch(
      PostgresReads reads, PostgresSweep sweep, Freshness freshness, Machine machine, Timer looks) {
    this.reads = reads;
    this.sweep = sweep;
    this.freshness = freshness;
    opening = freshness.open();
    this.machine = machine;
    this.looks = looks;
    planSweep();
  }

  /// Replicas that start together do not sweep together.
  private void planSweep() {
    long seconds = SWEEP_SECONDS / 2 + machine.random(SWEEP_SECONDS);
    sweepAt = machine.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        look(freshness.await(PAUSE_MILLIS));
        // a portion between two looks, so that nobody waits long for one
        if (machine.nanoTime() - sweepAt > 0 && !sweep.next()) {
          planSweep();
        }
      }
    } catch (SQLException | RuntimeException | Error e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      freshness.close(opening);
    }
  }

  private void look(List<MonoSink<Void>> waiting) throws SQLException {
    long start = machine.nanoTime();
    try {
      reads.look();
    } catch (SQLException | RuntimeException | Error e) {
      tell(waiting, caller -> caller.error(StorageUnavailable.ofReads()));
      throw e;
    }
    freshness.proven(start);
    looks.record(machine.nanoTime() - start, TimeUnit.NANOSECONDS);
    tell(waiting, MonoSink::success);
  }

  private void tell(List<MonoSink<Void>> waiting, java.util.function.Consumer<MonoSink<Void>> how) {
    if (!waiting.isEmpty()) {
      machine
          .scheduler()
          .schedule(() -> {
            for (MonoSink<Void> caller : waiting) {
              try {
                how.accept(caller);
              } catch (RuntimeException e) {
                LOG.error("A caller could not be answered", e);
              }
            }
          });
    }
  }

  /// @throws SQLException if it has ended because the database failed
  void check() throws SQLException {
    Throwable failed = failure;
    if (failed != null) {
      throw new SQLException(failed.getMessage(), failed);
    }
  }

  /// Looks no more once the present look has ended.
  void stop() {
    stopped = true;
    freshness.close(opening);
  }
}
