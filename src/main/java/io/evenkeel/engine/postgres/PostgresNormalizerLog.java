package io.evenkeel.engine.postgres;

import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.CommitMeters;
import io.evenkeel.engine.log.GroupWriter;
import io.evenkeel.engine.log.GroupedLog;
import io.evenkeel.engine.log.Outage;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.log.WaitingQueue;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.PostgresTables;
import io.evenkeel.engine.store.UnusableStoreException;
import io.evenkeel.normalization.Backups;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.NormalizerName;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// The log of one replica among many: PostgreSQL, with group commit.
///
/// Every replica keeps all states in memory and writes the tables itself. Rows that are locked
/// within a transaction put the events of a name in order, wherever they come from. While the
/// database cannot be reached nothing is written, and inference goes on with the states that there
/// are.
public final class PostgresNormalizerLog extends GroupedLog<PostgresStore> {
  /// The most in one transaction: 256 events, 4 MB.
  private static final WaitingQueue.Limits GROUP =
      new WaitingQueue.Limits(PostgresTables.POSITIONS, 4 << 20);

  private final Freshness freshness;
  private final PostgresProperties properties;
  private final Parts parts;

  PostgresNormalizerLog(
      NormalizerStates states,
      WaitingQueue queue,
      GroupWriter<PostgresStore> writer,
      Freshness freshness,
      PostgresProperties properties,
      Parts parts) {
    super(states, queue, writer);
    this.parts = parts;
    this.freshness = freshness;
    this.properties = properties;
  }

  /// Connects, makes the tables if there are none, imports a store if one is named, and reads all
  /// states.
  ///
  /// @throws UnusableStoreException if the database cannot be used
  public static PostgresNormalizerLog open(
      PostgresProperties properties,
      QueueProperties queued,
      AuditProperties audit,
      MeterRegistry registry) {
    return open(properties, queued, audit, registry, UnaryOperator.identity());
  }

  /// @param clock makes the time of the log of the server's
  static PostgresNormalizerLog open(
      PostgresProperties properties,
      QueueProperties queued,
      AuditProperties audit,
      MeterRegistry registry,
      UnaryOperator<Instant> clock) {
    Database database = new Database(properties);
    NormalizerStates states = new NormalizerStates(roomForStates());
    WaitingQueue queue = new WaitingQueue(queued.limits(), GROUP);
    Freshness freshness = new Freshness(Machine.THIS);
    PostgresSource source =
        new PostgresSource(
            database,
            states,
            freshness,
            new PostgresMeters(registry, freshness),
            audit.kept(),
            clock,
            Machine.THIS);
    Outage outage = new Outage(source);
    CommitMeters meters = new CommitMeters(registry, queue, states, audit, outage);
    var writer =
        new GroupWriter<>(
            queue, states, source, meters, outage, Schedulers.parallel(), Duration.ZERO);
    var log =
        new PostgresNormalizerLog(
            states, queue, writer, freshness, properties, new PostgresParts(database));
    try {
      if (properties.imported().isPresent()) {
        new StoreImport(database, properties.imported().get()).run();
      }
      log.start();
      return log;
    } catch (SQLException e) {
      throw UnusableStoreException.unfit(
          "%s cannot be used: %s.".formatted(database, UnusableStoreException.reason(e)),
          source.remedy(e));
    }
  }

  @Override
  public Mono<List<AuditEntry>> audit(
      Optional<NormalizerName> name, Optional<Long> before, int limit) {
    return ask(store -> store.audit(name, before, limit));
  }

  @Override
  public Backups backups() {
    return () ->
        Mono.error(
            new UnsupportedOperation(
                "The store is a PostgreSQL database: pg_dump and its kin copy it."));
  }

  @Override
  public Optional<Parts> parts() {
    return Optional.of(parts);
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public Mono<Void> upToDate() {
    return freshness.upToDate();
  }

  @Override
  public boolean infersUpToDate() {
    return properties.inference() == PostgresProperties.Inference.UP_TO_DATE;
  }

  @Override
  public Duration staleness() {
    return freshness.age();
  }

  /// Inference goes on without the database, unless its states become too old for it.
  @Override
  public boolean isServing() {
    return properties.maxStaleness().filter(most -> staleness().compareTo(most) > 0).isEmpty();
  }
}
