package io.evenkeel.engine.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Drops what cannot count any more: groups that every replica has seen, idempotency keys that are
/// forgotten or of normalizers that are gone, and the oldest entries of the audit trail. What
/// another replica is dropping is passed over.
///
/// Readers wait while it works, and the network gives up on an answer that takes ten seconds. So it
/// works in portions that a small server finishes in a fraction of a second, however many
/// normalizers there are: of the keys a portion looks at a thousand normalizers and goes on from
/// there the next time.
public final class PostgresSweep {
  /// For how many seconds `touched` keeps a group.
  static final int KEPT_SECONDS = 600;

  /// The most rows that a portion drops.
  static final int ROWS = 5000;

  /// Of how many normalizers a portion looks at the keys.
  static final int NORMALIZERS = 1000;

  /// After how many portions of normalizers a sweep leaves the others to the next one.
  static final int PORTIONS_OF_KEYS = 20;

  private static final String GROUPS =
      """
      DELETE FROM touched WHERE txid IN (
        SELECT txid FROM (
          SELECT txid, at FROM touched WHERE txid < pg_snapshot_xmin(pg_current_snapshot())
          ORDER BY txid LIMIT %d) AS oldest
        WHERE at < clock_timestamp() - interval '%d seconds'
        FOR UPDATE SKIP LOCKED)
      """
          .formatted(ROWS, KEPT_SECONDS);

  /// Each step goes by the index: the first incarnation after another one, its last block, its keys
  /// up to a block.
  private static final String KEYS =
      """
      WITH RECURSIVE found (incarnation) AS (
        SELECT min(incarnation) FROM applied_key WHERE incarnation > ?
        UNION ALL
        SELECT (SELECT min(k.incarnation) FROM applied_key AS k
                WHERE k.incarnation > found.incarnation)
        FROM found WHERE found.incarnation IS NOT NULL),
      looked_at AS MATERIALIZED (
        SELECT incarnation FROM found WHERE incarnation IS NOT NULL LIMIT %d),
      outdated (incarnation, block) AS MATERIALIZED (
        SELECT f.incarnation,
          CASE WHEN EXISTS (SELECT 1 FROM head AS h WHERE h.incarnation = f.incarnation)
          THEN (SELECT max(k.block) FROM applied_key AS k
                WHERE k.incarnation = f.incarnation) - %d
          ELSE 9223372036854775807 END
        FROM looked_at AS f),
      dropped AS (
        DELETE FROM applied_key WHERE ctid = ANY (ARRAY(
          SELECT k.ctid FROM outdated AS o CROSS JOIN LATERAL (
            SELECT ctid FROM applied_key
            WHERE incarnation = o.incarnation AND block <= o.block
            ORDER BY block LIMIT %d FOR UPDATE SKIP LOCKED) AS k
          LIMIT %d))
        RETURNING 1)
      SELECT (SELECT count(*) FROM dropped), (SELECT count(*) FROM looked_at),
        (SELECT max(incarnation) FROM looked_at)
      """
          .formatted(NORMALIZERS, KeyTable.BLOCKS, ROWS, ROWS);

  private static final String AUDIT =
      """
      DELETE FROM audit WHERE position IN (
        SELECT position FROM audit
        WHERE position <= (SELECT position FROM audit ORDER BY position DESC OFFSET ? LIMIT 1)
        ORDER BY position LIMIT %d FOR UPDATE SKIP LOCKED)
      """
          .formatted(ROWS);

  private final Connection connection;
  private final long auditKept;
  private Part part = Part.GROUPS;
  private long after = Long.MIN_VALUE;
  private int portionsOfKeys;

  private enum Part {
    GROUPS,
    KEYS,
    AUDIT
  }

  /// @param connection must not commit by itself
  /// @param auditKept how many entries of the audit trail are kept
  public PostgresSweep(Connection connection, long auditKept) {
    this.connection = connection;
    this.auditKept = auditKept;
  }

  /// Drops the next portion.
  ///
  /// @return whether this sweep has more to do
  public boolean next() throws SQLException {
    try {
      boolean more = step();
      connection.commit();
      return more;
    } catch (SQLException e) {
      if (!isOvertaken(e)) {
        throw e;
      }
      connection.rollback(); // another replica has dropped the same rows
      part = Part.GROUPS;
      portionsOfKeys = 0;
      return false;
    }
  }

  private boolean step() throws SQLException {
    return switch (part) {
      case GROUPS -> {
        if (dropGroups() < ROWS) {
          part = Part.KEYS;
        }
        yield true;
      }
      case KEYS -> {
        if (!dropKeys()) {
          part = Part.AUDIT;
          portionsOfKeys = 0;
        }
        yield true;
      }
      case AUDIT -> {
        boolean more = dropAudit() == ROWS;
        part = more ? Part.AUDIT : Part.GROUPS;
        yield more;
      }
    };
  }

  private int dropGroups() throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(GROUPS)) {
      return delete.executeUpdate();
    }
  }

  /// @return whether this sweep has more keys to look at
  private boolean dropKeys() throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(KEYS)) {
      delete.setLong(1, after);
      try (ResultSet row = delete.executeQuery()) {
        row.next();
        if (row.getLong(1) == ROWS) {
          return true; // the same normalizers may have more
        }
        boolean last = row.getLong(2) < NORMALIZERS;
        after = last ? Long.MIN_VALUE : row.getLong(3);
        portionsOfKeys++;
        return !last && portionsOfKeys < PORTIONS_OF_KEYS;
      }
    }
  }

  private int dropAudit() throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(AUDIT)) {
      delete.setLong(1, auditKept);
      return delete.executeUpdate();
    }
  }

  /// Serialization failures and deadlocks.
  private static boolean isOvertaken(SQLException e) {
    return "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
  }
}
