package io.evenkeel.engine.store;

import io.evenkeel.normalizer.AppliedKey;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The tables in PostgreSQL, which several replicas write, and one connection to write them.
/// Belongs to one thread at a time.
///
/// The tables are those of [SqliteTables], and two more:
///
/// | table        | a row for each                                          | found by      |
/// |--------------|---------------------------------------------------------|---------------|
/// | `normalizer` | name: its lock, and the definition of a live normalizer | name          |
/// | `touched`    | group that was committed: its mark, and its names       | transaction   |
///
/// A group goes like this:
///
/// ```
/// lock(names)     one statement, in the order of names, so that no two groups wait for each other
/// begin(events)   in the next one, since a statement sees what was committed before it began:
///                 where the names are, the next positions and the time; what memory lacks; the keys
/// fold            in memory
/// commit          all changes in batches, the row in `touched`, COMMIT
/// ```
///
/// After any [SQLException] the connection is of no use any more.
public final class PostgresTables implements GroupTables {
  /// How many positions a group takes from the sequence: as many as a group has events.
  public static final int POSITIONS = 256;

  private final Connection connection;
  private final NormalizerStates states;
  private final RefreshedStates refreshed;
  private final WritingInBatches writing;
  private final HeadTable heads;
  private final WindowTable windows;
  private final SnapshotTable snapshots;
  private final PostgresKeys keys;
  private final AuditTable audit;
  private final UnaryOperator<Instant> clock;
  private final PreparedStatement lock;
  private final PreparedStatement begin;
  private final PreparedStatement touch;
  private final PreparedStatement drop;
  private final List<String> touched = new ArrayList<>();

  /// The locked names that no normalizer has.
  private final Set<String> free = new HashSet<>();

  private String[] locked = {};
  private String transaction = "";
  private UUID mark = new UUID(0, 0);
  private Instant now = Instant.EPOCH;
  private long position;

  /// @param connection must not commit by itself
  /// @param database its name in messages
  /// @param states those in memory
  /// @param clock makes the time of the log of the server's
  public PostgresTables(
      Connection connection, String database, NormalizerStates states, UnaryOperator<Instant> clock)
      throws SQLException {
    this.connection = connection;
    this.clock = clock;
    this.states = states;
    refreshed = new RefreshedStates(connection, database, states);
    writing = new WritingInBatches(connection);
    heads =
        new HeadTable(
            writing,
            """
            ON CONFLICT (name) DO UPDATE SET
              definition = excluded.definition, incarnation = excluded.incarnation
            """);
    windows = new WindowTable(connection, writing, database);
    snapshots = new SnapshotTable(connection, writing, database);
    keys = new PostgresKeys(connection, writing);
    audit = new AuditTable(connection, writing, AuditTable.KEPT);
    // A row is locked although nothing is updated. A free name gets a row, which others wait for.
    lock =
        connection.prepareStatement(
            """
            INSERT INTO normalizer (name)
            SELECT n.name FROM unnest(?::text[]) WITH ORDINALITY AS n (name, place) ORDER BY n.place
            ON CONFLICT (name) DO UPDATE SET name = excluded.name WHERE false
            """);
    begin =
        connection.prepareStatement(
            """
            SELECT n.name, coalesce(h.position, 0),
              (SELECT nextval('log_position')),
              (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint),
              (SELECT pg_current_xact_id()::text)
            FROM normalizer AS n LEFT JOIN head AS h USING (incarnation)
            WHERE n.name = ANY (?)
            """);
    touch = connection.prepareStatement("INSERT INTO touched (mark, names) VALUES (?, ?)");
    drop =
        connection.prepareStatement(
            "DELETE FROM normalizer WHERE name = ANY (?) AND incarnation IS NULL");
  }

  /// Waits for the rows of names, and locks them until the transaction ends.
  public void lock(Collection<NormalizerName> names) throws SQLException {
    locked = names.stream().map(NormalizerName::value).distinct().sorted().toArray(String[]::new);
    lock.setArray(1, connection.createArrayOf("text", locked));
    lock.executeUpdate();
  }

  /// Begins a group on the stored states of the names that are locked.
  public FoldedGroup begin(List<NormalizerEvent> events) throws SQLException {
    writing.clear();
    touched.clear();
    mark = UUID.randomUUID();
    readPositions();
    for (NormalizerEvent event : events) {
      Optional<Normalizer> current = states.find(event.envelope().name());
      current.ifPresent(state -> now = later(now, state.updatedAt()));
    }
    askForKeys(events);
    return new FoldedGroup(states, this);
  }

  private void readPositions() throws SQLException {
    var stored = new RefreshedStates.Positions();
    free.clear();
    begin.setArray(1, connection.createArrayOf("text", locked));
    try (ResultSet row = begin.executeQuery()) {
      while (row.next()) {
        stored.add(new NormalizerName(row.getString(1)), row.getLong(2));
        if (row.getLong(2) == 0) {
          free.add(row.getString(1));
        }
        position = row.getLong(3);
        now = clock.apply(Instant.EPOCH.plus(row.getLong(4), ChronoUnit.MICROS));
        transaction = row.getString(5);
      }
    }
    refreshed.refresh(stored);
  }

  /// The clocks of two servers may differ.
  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private void askForKeys(List<NormalizerEvent> events) throws SQLException {
    keys.begin();
    for (NormalizerEvent event : events) {
      Optional<IdempotencyKey> key = event.envelope().key();
      Optional<Normalizer> current = states.find(event.envelope().name());
      if (key.isPresent() && current.isPresent()) {
        keys.ask(current.get(), key.get().hash());
        key.get().whole().ifPresent(whole -> keys.ask(current.get(), whole.hash()));
      }
    }
    keys.fetch();
  }

  /// The time of the group, never before that of an earlier entry of its names.
  public Instant now() {
    return now;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public Optional<AppliedKey> key(Normalizer current, Digest hash) {
    return keys.find(current, hash);
  }

  @Override
  public void write(@Nullable Normalizer stored, @Nullable Normalizer next, long groupPosition)
      throws SQLException {
    Normalizer named = next == null ? stored : next;
    if (named != null) {
      String name = named.name().value();
      touched.add(name);
      if (next == null) {
        free.add(name);
      } else {
        free.remove(name);
      }
      heads.write(stored, next, groupPosition);
      windows.write(stored, next);
      snapshots.write(stored, next);
    }
  }

  @Override
  public void add(long incarnation, AppliedKey key) throws SQLException {
    keys.add(incarnation, key);
  }

  /// [PostgresReads#sweep] drops them.
  @Override
  public void forgetKeys(Normalizer last) {}

  @Override
  public void add(AuditEntry entry) throws SQLException {
    audit.add(entry);
  }

  @Override
  public void endReading() throws SQLException {
    connection.rollback();
  }

  @Override
  public void commit(long newPosition) throws SQLException {
    writing.flush();
    touch.setObject(1, mark);
    touch.setArray(2, connection.createArrayOf("text", touched.toArray()));
    touch.executeUpdate();
    if (!free.isEmpty()) {
      drop.setArray(1, connection.createArrayOf("text", free.toArray()));
      drop.executeUpdate();
    }
    try {
      Acknowledged.commit(connection);
    } catch (SQLException e) {
      throw new UnknownCommitException(transaction, mark, e);
    }
    position = newPosition;
  }

  /// Up to `limit` entries of the audit trail, the latest first.
  public List<AuditEntry> audit(Optional<NormalizerName> name, Optional<Long> before, int limit)
      throws SQLException {
    List<AuditEntry> page = audit.page(name, before, limit);
    connection.rollback();
    return page;
  }
}
