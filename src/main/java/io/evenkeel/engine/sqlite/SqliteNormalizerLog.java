package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.CommitMeters;
import io.evenkeel.engine.log.GroupWriter;
import io.evenkeel.engine.log.GroupedLog;
import io.evenkeel.engine.log.Outage;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.log.WaitingQueue;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.SqliteTables;
import io.evenkeel.engine.store.StoreDirectory;
import io.evenkeel.engine.store.UnusableStoreException;
import io.evenkeel.normalization.Backups;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizerName;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// The log on one machine: SQLite, with group commit.
public final class SqliteNormalizerLog extends GroupedLog<SqliteStore> {
  /// The most in one transaction: 256 events, 16 MB. An event of 65,536 features takes almost 4 MB.
  private static final WaitingQueue.Limits GROUP = new WaitingQueue.Limits(256, 16 << 20);

  /// About as long as two commits take.
  private static final Duration PATIENCE = Duration.ofMillis(1);

  private final StoreDirectory directory;
  private final Backups backups;

  /// @param writer takes from the queue and shows the new states; its thread is not started yet
  SqliteNormalizerLog(
      StoreDirectory directory,
      NormalizerStates states,
      WaitingQueue queue,
      GroupWriter<SqliteStore> writer) {
    super(states, queue, writer);
    this.directory = directory;
    backups = new StoreBackups(ask(SqliteStore::hold), directory);
  }

  /// Locks the directory and reads all states in it.
  ///
  /// @throws UnusableStoreException if the directory belongs to another process, or if the store in
  ///   it is damaged or was written by a newer version
  public static SqliteNormalizerLog open(
      SqliteProperties properties,
      QueueProperties queued,
      AuditProperties audit,
      InstantSource clock,
      MeterRegistry registry) {
    return open(properties, queued, audit, clock, registry, UnaryOperator.identity());
  }

  /// @param wrapped wraps each connection
  static SqliteNormalizerLog open(
      SqliteProperties properties,
      QueueProperties queued,
      AuditProperties audit,
      InstantSource clock,
      MeterRegistry registry,
      UnaryOperator<Connection> wrapped) {
    StoreDirectory directory = StoreDirectory.claim(properties.directory());
    try {
      NormalizerStates states = new NormalizerStates(roomForStates());
      WaitingQueue queue = new WaitingQueue(queued.limits(), GROUP);
      TablesSource tables = new TablesOf(directory, wrapped, audit.kept());
      SqliteSource source = new SqliteSource(tables, states, clock);
      Outage outage = new Outage(source);
      CommitMeters meters = new CommitMeters(registry, queue, states, audit, outage);
      var writer =
          new GroupWriter<>(queue, states, source, meters, outage, Schedulers.parallel(), PATIENCE);
      SqliteNormalizerLog log = new SqliteNormalizerLog(directory, states, queue, writer);
      log.start();
      return log;
    } catch (SQLException e) {
      directory.close();
      throw UnusableStoreException.notOpened(directory.file(), e);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
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
  public Mono<List<AuditEntry>> audit(
      Optional<NormalizerName> name, Optional<Long> before, int limit) {
    return ask(store -> store.audit(name, before, limit));
  }

  /// Copies of what this log holds.
  @Override
  public Backups backups() {
    return backups;
  }

  /// Refuses new events, commits all that wait, replies to their callers and unlocks the directory.
  @Override
  public void close() {
    super.close();
    directory.close();
  }
}
