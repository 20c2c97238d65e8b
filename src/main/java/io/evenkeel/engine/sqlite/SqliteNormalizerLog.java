package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.SqliteTables;
import io.evenkeel.engine.store.StoreDirectory;
import io.evenkeel.engine.store.UnusableStoreException;
import io.evenkeel.normalization.Backups;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/// The log on one machine: SQLite, with group commit.
///
/// An event goes through a bounded queue to one thread, [GroupWriter]. Its outcome comes back after
/// the commit, on Reactor's parallel scheduler, so that the next group does not wait for the
/// caller. Each subscription to the returned [Mono] appends the event once, in the order of the
/// subscriptions. Readers see immutable states in memory and never wait.
public final class SqliteNormalizerLog implements NormalizerLog, AutoCloseable {
  /// The most in one transaction: 256 events, 4 MB.
  private static final WaitingQueue.Limits GROUP = new WaitingQueue.Limits(256, 4 << 20);

  /// The heap of an idle service, in bytes.
  private static final long OF_SERVICE = 64 << 20;

  private static final long LEAST_ROOM = 16 << 20;

  private final StoreDirectory directory;
  private final NormalizerStates states;
  private final WaitingQueue queue;
  private final GroupWriter writer;
  private final Backups backups;
  private final Thread thread;

  /// @param writer takes from the queue and shows the new states; its thread is not started yet
  SqliteNormalizerLog(
      StoreDirectory directory, NormalizerStates states, WaitingQueue queue, GroupWriter writer) {
    this.directory = directory;
    this.states = states;
    this.queue = queue;
    this.writer = writer;
    backups = new StoreBackups(enqueue(Waiting.Hold::new), directory);
    thread = Thread.ofPlatform().name("evenkeel-writer").unstarted(writer);
  }

  /// Locks the directory and reads all states in it.
  ///
  /// @throws UnusableStoreException if the directory belongs to another process, or if the store in
  ///   it is damaged or was written by a newer version
  public static SqliteNormalizerLog open(
      SqliteProperties properties,
      AuditProperties audit,
      InstantSource clock,
      MeterRegistry registry) {
    return open(properties, audit, clock, registry, UnaryOperator.identity());
  }

  /// @param wrapped wraps each connection
  static SqliteNormalizerLog open(
      SqliteProperties properties,
      AuditProperties audit,
      InstantSource clock,
      MeterRegistry registry,
      UnaryOperator<Connection> wrapped) {
    StoreDirectory directory = StoreDirectory.claim(properties.directory());
    try {
      NormalizerStates states = new NormalizerStates(roomForStates());
      WaitingQueue queue = new WaitingQueue(properties.queueLimits(), GROUP);
      TablesSource tables = new TablesOf(directory, wrapped, audit.kept());
      Outage outage = new Outage(tables);
      CommitMeters meters = new CommitMeters(registry, queue, states, outage);
      GroupWriter writer =
          new GroupWriter(queue, states, tables, clock, meters, outage, Schedulers.parallel());
      SqliteNormalizerLog log = new SqliteNormalizerLog(directory, states, queue, writer);
      log.writer.open();
      log.thread.start();
      return log;
    } catch (SQLException e) {
      directory.close();
      throw UnusableStoreException.notOpened(directory.file(), e);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /// The heap that is left beside requests (a third, by default) and the service itself, in bytes.
  private static long roomForStates() {
    long heap = Runtime.getRuntime().maxMemory();
    return Math.max(LEAST_ROOM, heap - heap / 3 - OF_SERVICE);
  }

  private record TablesOf(
      StoreDirectory directory, UnaryOperator<Connection> wrapped, long auditKept)
      implements TablesSource {
    @Override
    public SqliteTables open() throws SQLException {
      SqliteTables tables =
          SqliteTables.open(wrapped.apply(directory.connect()), directory.file(), auditKept);
      try {
        directory.opened();
        return tables;
      } catch (SQLException e) {
        tables.close();
        throw e;
      }
    }

    @Override
    public void requireInPlace() throws SQLException {
      directory.requireInPlace();
    }

    @Override
    public boolean isLasting() {
      return directory.isLasting();
    }

    @Override
    public String toString() {
      return directory.file();
    }
  }

  @Override
  public Optional<Normalizer> find(NormalizerName name) {
    return states.find(name);
  }

  @Override
  public List<Normalizer> list(String prefix, Optional<String> after, int limit) {
    return states.list(prefix, after, limit);
  }

  @Override
  public long size() {
    return states.size();
  }

  @Override
  public Mono<Outcome> append(NormalizerEvent event) {
    return enqueue(caller -> {
      int features = states.find(event.envelope().name()).map(Normalizer::featureCount).orElse(0);
      return Waiting.Append.of(event, features, caller);
    });
  }

  @Override
  public Mono<List<AuditEntry>> audit(
      Optional<NormalizerName> name, Optional<Long> before, int limit) {
    return enqueue(caller -> new Waiting.ReadAudit(name, before, limit, caller));
  }

  /// Copies of what this log holds.
  public Backups backups() {
    return backups;
  }

  private <T> Mono<T> enqueue(Function<MonoSink<T>, Waiting> item) {
    return Mono.create(caller -> {
      switch (queue.offer(item.apply(caller))) {
        case TAKEN -> {}
        case FULL -> caller.error(new Overloaded());
        case REFUSED -> caller.error(new StorageUnavailable());
      }
    });
  }

  @Override
  public boolean isFull() {
    return queue.isFull();
  }

  @Override
  public boolean isReady() {
    return writer.isReady();
  }

  /// Refuses new events, commits all that wait, replies to their callers and unlocks the directory.
  @Override
  public void close() {
    queue.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    directory.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
