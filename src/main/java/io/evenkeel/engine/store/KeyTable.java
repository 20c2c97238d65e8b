package io.evenkeel.engine.store;

import io.evenkeel.engine.bytes.Nanoseconds;
import io.evenkeel.normalizer.AppliedKey;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.Normalizer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The idempotency keys that were applied, a row each, in one tree ordered by incarnation, block of
/// 16,384 ordinals, and hash.
///
/// Hashes are random, and a tree ordered by them alone would touch another page with every key,
/// each to be written back one day. Within a block the pages are few and are hit again and again;
/// the price is that a look-up asks in every block that the remembered keys can be in, of which
/// there are at most eight.
///
/// Whether a row still counts is decided by [AppliedKey]. Rows that cannot count any more go in
/// portions, one with each commit.
final class KeyTable {
  /// How many bits of an ordinal count within its block.
  private static final int BLOCK_BITS = 14;

  /// How many blocks the remembered keys can lie in.
  private static final int BLOCKS = (AppliedKey.KEPT >> BLOCK_BITS) + 2;

  /// The most rows that one commit drops.
  private static final int PORTION = 512;

  private final Connection connection;
  private final PreparedStatement[] find;
  private final PreparedStatement insert;
  private final PreparedStatement drop;
  private final Queue<Sweep> sweeps = new ArrayDeque<>();

  /// All keys of an incarnation in the blocks before one are to go.
  private record Sweep(long incarnation, long beforeBlock) {}

  KeyTable(Connection connection) throws SQLException {
    this.connection = connection;
    find = new PreparedStatement[BLOCKS];
    StringBuilder blocks = new StringBuilder("?2");
    for (int i = 0; i < BLOCKS; i++) {
      // The latest first: blocks are in the order of ordinals.
      find[i] =
          connection.prepareStatement(
              """
              SELECT fingerprint, ordinal, version, at FROM applied_key
              WHERE incarnation = ?1 AND block IN (%s) AND hash = ?3
              ORDER BY block DESC LIMIT 1
              """
                  .formatted(blocks));
      blocks.append(", ?2 - ").append(i + 1);
    }
    insert =
        connection.prepareStatement(
            """
            INSERT OR REPLACE INTO applied_key
              (incarnation, block, hash, fingerprint, ordinal, version, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """);
    drop =
        connection.prepareStatement(
            "DELETE FROM applied_key WHERE incarnation = ? AND block < ? LIMIT " + PORTION);
  }

  private static long blockOf(long ordinal) {
    return ordinal >> BLOCK_BITS;
  }

  /// What is stored under a hash; perhaps a key that is remembered no longer.
  Optional<AppliedKey> find(Normalizer current, Digest hash) throws SQLException {
    if (current.keys() == 0) {
      return Optional.empty();
    }
    long last = blockOf(current.keys());
    PreparedStatement query = find[(int) Math.min(last, BLOCKS - 1)];
    query.setLong(1, current.revision().incarnation());
    query.setLong(2, last);
    query.setBytes(3, hash.bytes());
    try (ResultSet row = query.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      IdempotencyKey key = new IdempotencyKey(hash, Digest.ofBytes(row.getBytes(1)));
      return Optional.of(
          new AppliedKey(key, row.getLong(2), row.getLong(3), Nanoseconds.instant(row.getLong(4))));
    }
  }

  void add(long incarnation, AppliedKey key) throws SQLException {
    long block = blockOf(key.ordinal());
    insert.setLong(1, incarnation);
    insert.setLong(2, block);
    insert.setBytes(3, key.key().hash().bytes());
    insert.setBytes(4, key.key().fingerprint().bytes());
    insert.setLong(5, key.ordinal());
    insert.setLong(6, key.version());
    insert.setLong(7, Nanoseconds.of(key.at()));
    insert.executeUpdate();
    if (blockOf(key.ordinal() - 1) < block) {
      sweepLater(incarnation, block);
    }
  }

  /// The keys of a normalizer that is gone are to go too.
  void forget(Normalizer last) {
    if (last.keys() > 0) {
      sweeps.add(new Sweep(last.revision().incarnation(), Long.MAX_VALUE));
    }
  }

  private void sweepLater(long incarnation, long block) {
    if (block >= BLOCKS) {
      sweeps.add(new Sweep(incarnation, block - BLOCKS + 1));
    }
  }

  /// Takes up what was left to do for a normalizer when the file was closed.
  void sweepLater(Normalizer live) {
    sweepLater(live.revision().incarnation(), blockOf(live.keys()));
  }

  /// Takes up what was left to do for those that are gone.
  void sweepGone() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                WITH RECURSIVE found (incarnation) AS (
                  SELECT min(incarnation) FROM applied_key
                  UNION ALL
                  SELECT (SELECT min(k.incarnation) FROM applied_key AS k
                          WHERE k.incarnation > found.incarnation)
                  FROM found WHERE found.incarnation IS NOT NULL)
                SELECT incarnation FROM found
                WHERE incarnation NOT IN (SELECT incarnation FROM normalizer)
                """)) {
      while (row.next()) {
        sweeps.add(new Sweep(row.getLong(1), Long.MAX_VALUE));
      }
    }
  }

  /// Drops one portion.
  void sweep() throws SQLException {
    @Nullable Sweep next = sweeps.peek();
    if (next == null) {
      return;
    }
    drop.setLong(1, next.incarnation());
    drop.setLong(2, next.beforeBlock());
    if (drop.executeUpdate() < PORTION) {
      sweeps.remove();
    }
  }
}
