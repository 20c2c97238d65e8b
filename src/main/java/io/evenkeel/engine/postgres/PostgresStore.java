package io.evenkeel.engine.postgres;

import io.evenkeel.engine.log.OpenStore;
import io.evenkeel.engine.store.FoldedGroup;
import io.evenkeel.engine.store.PostgresTables;
import io.evenkeel.engine.store.UnknownCommitException;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The database while it is open: a connection that writes groups, and a thread with another one
/// that watches for what other replicas write.
///
/// Both change the states in memory. So one lock is held from the moment that a group compares the
/// states with the rows it has locked until it has shown the new ones, and while the watch compares
/// and changes states: the order in which states are shown is the order in which they were
/// committed. Waiting for rows that another replica has locked happens outside of it.
final class PostgresStore implements OpenStore {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Connection connection;
  private final Connection watching;
  private final PostgresTables tables;
  private final Watch watch;
  private final Lock ofStates;
  private final Fates fates;
  private final PostgresMeters meters;
  private Machine.Running looking = _ -> {};
  private @Nullable SQLException broken;
  private long position;

  /// @param connection writes
  /// @param watching the connection of the watch
  /// @param ofStates held while states in memory change
  /// @param fates finds out what became of a transaction
  PostgresStore(
      Connection connection,
      Connection watching,
      PostgresTables tables,
      Watch watch,
      Lock ofStates,
      Fates fates,
      PostgresMeters meters) {
    this.connection = connection;
    this.watching = watching;
    this.tables = tables;
    this.watch = watch;
    this.ofStates = ofStates;
    this.fates = fates;
    this.meters = meters;
  }

  void start(Machine machine) {
    looking = machine.start("evenkeel-watch", watch);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public Group begin(List<NormalizerEvent> events) throws SQLException {
    check();
    Set<NormalizerName> names =
        events.stream().map(event -> event.envelope().name()).collect(Collectors.toSet());
    long start = System.nanoTime();
    tables.lock(names);
    meters.waited(System.nanoTime() - start);
    ofStates.lock();
    try {
      return new Transaction(tables.begin(events));
    } catch (SQLException | RuntimeException | Error e) {
      ofStates.unlock();
      throw e;
    }
  }

  @Override
  public void check() throws SQLException {
    if (broken != null) {
      throw broken;
    }
    watch.check();
  }

  List<AuditEntry> audit(Optional<NormalizerName> name, Optional<Long> before, int limit)
      throws SQLException {
    return tables.audit(name, before, limit);
  }

  @Override
  public void close() throws SQLException {
    watch.stop();
    looking.await(PATIENCE);
    try {
      connection.close();
    } finally {
      watching.close();
    }
  }

  private final class Transaction implements Group {
    private final FoldedGroup folded;
    private final Instant now = tables.now();

    Transaction(FoldedGroup folded) {
      this.folded = folded;
    }

    @Override
    public FoldedGroup folded() {
      return folded;
    }

    @Override
    public Instant now() {
      return now;
    }

    /// A commit whose acknowledgement is lost is asked for on another connection. If it was
    /// committed, it counts, and the store is opened again afterwards.
    @Override
    public boolean commit() throws SQLException {
      try {
        boolean written = folded.commit();
        position = written ? tables.position() : position;
        return written;
      } catch (UnknownCommitException unknown) {
        if (!fates.isCommitted(unknown)) {
          throw unknown;
        }
        broken = unknown;
        position = folded.position();
        return true;
      }
    }

    @Override
    public void close() {
      ofStates.unlock();
    }
  }
}
