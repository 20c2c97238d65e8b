package io.evenkeel.engine.store;

import io.evenkeel.normalizer.NormalizerName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// One connection to PostgreSQL that sees what other replicas have written. Belongs to one thread
/// at a time.
///
/// **By horizon, not by position.** Positions are given before a commit, so a lower one may become
/// visible after a higher one. A snapshot of the server says below which transaction everything has
/// ended. What was committed at or after the horizon of the last look is looked at again; equal
/// positions cost nothing.
///
/// **A whole store may come at once.** Whoever imports one writes the name [#EVERYTHING], which no
/// normalizer has, into `touched`. A replica that sees it reads all states again.
///
/// **A read proves nothing.** A server that was cut off from its standby, which has taken its
/// place, answers all the same. So each look also writes, and counts only once its commit is
/// acknowledged, which such a server cannot do.
public final class PostgresReads {
  /// In `touched`, in place of names: all of them.
  static final String EVERYTHING = "";

  /// After how many seconds without a look everything is read again.
  private static final int LONGEST_SECONDS = PostgresSweep.KEPT_SECONDS / 2;

  private final Connection connection;
  private final RefreshedStates refreshed;
  private final Lock ofStates;
  private final PreparedStatement look;
  private final PreparedStatement fate;
  private String horizon = "0";
  // a snapshot in which nothing is visible
  private String loaded = "1:1:";
  private long lookedAt;

  /// @param connection of isolation `REPEATABLE READ`; must not commit by itself
  /// @param database its name in messages
  /// @param states those in memory
  /// @param ofStates held while the states are compared and changed
  public PostgresReads(
      Connection connection, String database, NormalizerStates states, Lock ofStates)
      throws SQLException {
    this.connection = connection;
    this.ofStates = ofStates;
    refreshed = new RefreshedStates(connection, database, states);
    look =
        connection.prepareStatement(
            """
            SELECT i.xmin, i.now, t.name, coalesce(h.position, 0)
            FROM (
              SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin,
                extract(epoch FROM clock_timestamp())::bigint AS now,
                pg_logical_emit_message(true, 'evenkeel', 'look') OFFSET 0) AS i
            LEFT JOIN (
              SELECT DISTINCT u.name FROM touched AS g, unnest(g.names) AS u (name)
              WHERE g.txid >= ?::xid8
                AND NOT pg_visible_in_snapshot(g.txid, ?::pg_snapshot)) AS t ON true
            LEFT JOIN normalizer AS n ON n.name = t.name
            LEFT JOIN head AS h ON h.incarnation = n.incarnation
            """);
    fate =
        connection.prepareStatement(
            """
            SELECT pg_visible_in_snapshot(t.id, s) OR t.id >= pg_snapshot_xmax(s),
              EXISTS (SELECT 1 FROM touched WHERE txid = t.id AND mark = ?),
              pg_logical_emit_message(true, 'evenkeel', 'fate')
            FROM pg_current_snapshot() AS s, (SELECT ?::xid8 AS id) AS t
            """);
  }

  /// Reads all states in place of those in memory.
  ///
  /// @throws UnusableStoreException where any of them is not as it was written
  public void load() throws SQLException {
    look.setString(1, Long.toString(Long.MAX_VALUE));
    look.setString(2, loaded);
    try (ResultSet row = look.executeQuery()) {
      seen(row);
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_current_snapshot()::text")) {
      row.next();
      loaded = row.getString(1);
    }
    NormalizerStates.Anew anew = refreshed.all();
    Acknowledged.commit(connection);
    ofStates.lock();
    try {
      anew.publish();
    } finally {
      ofStates.unlock();
    }
  }

  private RefreshedStates.Positions seen(ResultSet row) throws SQLException {
    var stored = new RefreshedStates.Positions();
    while (row.next()) {
      horizon = row.getString(1);
      lookedAt = row.getLong(2);
      @Nullable String name = row.getString(3);
      if (EVERYTHING.equals(name)) {
        throw new SQLTransientException(
            "a whole store was imported, and this replica must read everything again");
      }
      if (name != null) {
        stored.add(new NormalizerName(name), row.getLong(4));
      }
    }
    return stored;
  }

  /// Sees everything that any replica acknowledged before it was called.
  public void look() throws SQLException {
    long before = lookedAt;
    ofStates.lock();
    try {
      look.setString(1, horizon);
      look.setString(2, loaded);
      try (ResultSet row = look.executeQuery()) {
        refreshed.refresh(seen(row));
      }
    } finally {
      ofStates.unlock();
    }
    Acknowledged.commit(connection);
    if (lookedAt - before > LONGEST_SECONDS) {
      throw new SQLTransientException(
          "this replica stood still for %d s and must read everything again"
              .formatted(lookedAt - before));
    }
  }

  /// What became of a transaction whose commit was not acknowledged. A server that does not know
  /// its id yet has taken the place of one that lost it.
  public Fate fate(String transaction, UUID mark) throws SQLException {
    fate.setObject(1, mark);
    fate.setString(2, transaction);
    boolean ended;
    boolean committed;
    try (ResultSet row = fate.executeQuery()) {
      row.next();
      ended = row.getBoolean(1);
      committed = row.getBoolean(2);
    }
    // acknowledged, so what this server knows is kept
    Acknowledged.commit(connection);
    if (committed) {
      return Fate.COMMITTED;
    }
    return ended ? Fate.ROLLED_BACK : Fate.OPEN;
  }

  /// What became of a transaction.
  public enum Fate {
    /// It was committed.
    COMMITTED,
    /// It has not happened and never will.
    ROLLED_BACK,
    /// It has not ended.
    OPEN
  }
}
