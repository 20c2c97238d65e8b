package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.log.OpenStore;
import io.evenkeel.engine.store.FoldedGroup;
import io.evenkeel.engine.store.HeldFile;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.SqliteTables;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A SQLite file while it is open.
///
/// **Nothing is acknowledged into a file that is gone.** If its file is removed or moved, SQLite
/// writes on without an error. So the files are looked for before each reply, and every half second
/// while nothing waits.
final class SqliteStore implements OpenStore {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

  private final SqliteTables tables;
  private final TablesSource source;
  private final NormalizerStates states;
  private final InstantSource clock;

  SqliteStore(
      SqliteTables tables, TablesSource source, NormalizerStates states, InstantSource clock) {
    this.tables = tables;
    this.source = source;
    this.states = states;
    this.clock = clock;
  }

  @Override
  public long position() {
    return tables.position();
  }

  @Override
  public Group begin(List<NormalizerEvent> events) throws SQLException {
    tables.endHold();
    return new Transaction();
  }

  @Override
  public void check() throws SQLException {
    tables.endHold();
    source.requireInPlace();
  }

  List<AuditEntry> audit(Optional<NormalizerName> name, Optional<Long> before, int limit)
      throws SQLException {
    List<AuditEntry> page = tables.audit().page(name, before, limit);
    tables.endReading();
    return page;
  }

  /// A database file that is not changed, so that it can be copied.
  ///
  /// @throws StorageUnavailable if it cannot be copied now
  HeldFile hold() throws SQLException {
    try {
      return tables.hold();
    } catch (IOException e) {
      LOG.warn("A backup could not be begun: {}", e.getMessage());
      throw new StorageUnavailable("The store cannot be copied at present; ask again later.");
    }
  }

  @Override
  public void close() throws SQLException {
    tables.close();
  }

  private final class Transaction implements Group {
    private final FoldedGroup folded = tables.begin(states);
    private final Instant now = clock.instant();

    @Override
    public FoldedGroup folded() {
      return folded;
    }

    @Override
    public Instant now() {
      return now;
    }

    @Override
    public boolean commit() throws SQLException {
      boolean written = folded.commit();
      source.requireInPlace();
      return written;
    }

    /// Whatever was not committed is rolled back when the connection is closed, which happens after
    /// every failure.
    @Override
    public void close() {}
  }
}
