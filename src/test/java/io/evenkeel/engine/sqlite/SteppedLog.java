package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.CommitMeters;
import io.evenkeel.engine.log.GroupWriter;
import io.evenkeel.engine.log.Outage;
import io.evenkeel.engine.log.WaitingQueue;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.SqliteTables;
import io.evenkeel.engine.store.StoreDirectory;
import io.evenkeel.normalization.Backups;
import io.evenkeel.normalization.NormalizerLog;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import reactor.core.scheduler.Schedulers;

/// The log as it is in production, but that its writer has no thread: it writes when it is told to,
/// on the thread that tells it, which is also the one that callers are answered on.
public final class SteppedLog {
  private final WaitingQueue queue;
  private final GroupWriter<SqliteStore> writer;
  private final SqliteNormalizerLog log;

  private SteppedLog(Disk disk, InstantSource clock, int capacity, int groupSize) {
    NormalizerStates states = new NormalizerStates();
    queue =
        new WaitingQueue(
            new WaitingQueue.Limits(capacity, Long.MAX_VALUE),
            new WaitingQueue.Limits(groupSize, Long.MAX_VALUE));
    TablesSource tables = () -> SqliteTables.open(disk.connect(), "the simulated disk");
    SqliteSource source = new SqliteSource(tables, states, clock);
    Outage outage = new Outage(source);
    CommitMeters meters =
        new CommitMeters(
            new CompositeMeterRegistry(), queue, states, AuditProperties.DEFAULT, outage);
    writer =
        new GroupWriter<>(
            queue, states, source, meters, outage, Schedulers.immediate(), Duration.ZERO);
    log =
        new SqliteNormalizerLog(
            StoreDirectory.claim(StoreDirectory.IN_MEMORY), states, queue, writer);
  }

  /// Where the tables are.
  @FunctionalInterface
  public interface Disk {
    /// A new connection that does not commit by itself.
    Connection connect() throws SQLException;
  }

  /// The log of what is on a disk, read and ready.
  ///
  /// @param capacity how many events may wait
  /// @param groupSize how many become durable together at most
  public static SteppedLog open(Disk disk, InstantSource clock, int capacity, int groupSize)
      throws SQLException {
    SteppedLog opened = new SteppedLog(disk, clock, capacity, groupSize);
    opened.writer.open();
    return opened;
  }

  /// What callers see of it.
  public NormalizerLog log() {
    return log;
  }

  /// How many events and questions wait.
  public int waiting() {
    return queue.depth();
  }

  /// Writes one group of what waits, of which there must be something; the log must be ready.
  public void writeGroup() {
    writer.writeNext(0);
  }

  /// Tries once to become ready again.
  public void tryOpen() {
    writer.tryOpen();
  }

  /// How long it would wait before the next try.
  Duration pause() {
    return writer.pause();
  }

  /// Copies of what it holds.
  Backups backups() {
    return log.backups();
  }

  /// Takes in nothing more, writes what waits, and ends.
  public void close() {
    queue.close();
    writer.run();
    log.close();
  }
}
