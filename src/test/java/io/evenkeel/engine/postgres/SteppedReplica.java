package io.evenkeel.engine.postgres;

import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.CommitMeters;
import io.evenkeel.engine.log.GroupWriter;
import io.evenkeel.engine.log.Outage;
import io.evenkeel.engine.log.WaitingQueue;
import io.evenkeel.engine.postgres.PostgresProperties.Inference;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.normalization.NormalizerLog;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// The log of a replica as it is in production, but that its writer has no thread and writes when
/// it is told to, and that connections, time, locks and the thread of its watch come from a [Host].
public final class SteppedReplica {
  private final WaitingQueue queue;
  private final GroupWriter<PostgresStore> writer;
  private final PostgresNormalizerLog log;

  /// @param capacity how many events may wait
  /// @param groupSize how many become durable together at most
  public SteppedReplica(Host host, int capacity, int groupSize) {
    NormalizerStates states = new NormalizerStates();
    queue =
        new WaitingQueue(
            new WaitingQueue.Limits(capacity, Long.MAX_VALUE),
            new WaitingQueue.Limits(groupSize, Long.MAX_VALUE));
    CompositeMeterRegistry registry = new CompositeMeterRegistry();
    Simulated simulated = new Simulated(host);
    Freshness freshness = new Freshness(simulated);
    PostgresSource source =
        new PostgresSource(
            simulated,
            states,
            freshness,
            new PostgresMeters(registry, freshness),
            Long.MAX_VALUE,
            _ -> host.instant(),
            simulated);
    Outage outage = new Outage(source);
    CommitMeters meters =
        new CommitMeters(registry, queue, states, AuditProperties.DEFAULT, outage);
    writer =
        new GroupWriter<>(
            queue, states, source, meters, outage, Schedulers.immediate(), Duration.ZERO);
    log =
        new PostgresNormalizerLog(
            states,
            queue,
            writer,
            freshness,
            new PostgresProperties(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Inference.MEMORY,
                Optional.empty()),
            new PostgresParts(simulated));
  }

  /// What a replica runs on.
  public interface Host {
    /// A new connection to the database that does not commit by itself.
    Connection connect() throws SQLException;

    /// The clock of the server of the database.
    Instant instant();

    /// As [System#nanoTime].
    long nanoTime();

    /// A number of at least 0 and below the bound.
    long random(long bound);

    /// Waits.
    void pause(Duration time);

    /// A new lock.
    Lock lock();

    /// Begins work beside the thread that calls.
    ///
    /// @return waits until it has ended, but no longer than this
    Consumer<Duration> start(Runnable work);
  }

  private record Simulated(Host host) implements Machine, Connections {
    @Override
    public Connection connect() throws SQLException {
      return host.connect();
    }

    @Override
    public long nanoTime() {
      return host.nanoTime();
    }

    @Override
    public long random(long bound) {
      return host.random(bound);
    }

    @Override
    public void pause(Duration time) {
      host.pause(time);
    }

    @Override
    public Lock lock() {
      return host.lock();
    }

    @Override
    public Scheduler scheduler() {
      return Schedulers.immediate();
    }

    @Override
    public Running start(String name, Runnable work) {
      return host.start(work)::accept;
    }
  }

  /// What callers see of it.
  public NormalizerLog log() {
    return log;
  }

  /// Reads all states and becomes ready.
  public void open() throws SQLException {
    writer.open();
  }

  /// How many events and questions wait.
  public int waiting() {
    return queue.depth();
  }

  /// Writes one group of what waits, or only checks the store; the log must be ready.
  public void write() {
    writer.writeNext(0);
  }

  /// Tries once to become ready again.
  public void tryOpen() {
    writer.tryOpen();
  }

  /// Takes in nothing more, writes what waits, and ends.
  public void close() {
    queue.close();
    writer.run();
    log.close();
  }
}
