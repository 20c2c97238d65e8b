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

/// The idempotency keys that were applied, a row each. One tree holds them, ordered by incarnation,
/// block of 16,384 ordinals, and hash.
///
/// Hashes are random: a tree ordered by hash alone would change another page with every key, and
/// each page would be written back. A block has few pages, which are changed again and again. In
/// return a look-up searches every block that can hold a remembered key, at most eight.
///
/// [AppliedKey] decides whether a row still counts. Each commit drops a portion of the rows that
/// cannot count any more.
final class KeyTable {
  /// The number of an ordinal's low bits, which count within its block.
  private static final int BLOCK_BITS = 14;

  /// The most blocks that the remembered keys can lie in.
  static final int BLOCKS = (AppliedKey.KEPT >> BLOCK_BITS) + 2;

  /// The most rows that one commit drops.
  private static final int PORTION = 512;

  private final Connection connection;
  private final PreparedStatement[] find;
  private final PreparedStatement insert;
  private final PreparedStatement drop;
  private final Queue<Sweep> sweeps = new ArrayDeque<>();

  /// Asks to drop the keys of an incarnation in all blocks before one.
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

  static long blockOf(long ordinal) {
    return ordinal >> BLOCK_BITS;
  }

  /// The key that is stored under a hash; it may be too old to count.
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

  /// Asks to drop the keys of a deleted normalizer.
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

  /// Goes on with the keys of a normalizer that were to be dropped when the file was closed.
  void sweepLater(Normalizer live) {
    sweepLater(live.revision().incarnation(), blockOf(live.keys()));
  }

  /// Goes on with the keys of deleted normalizers.
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
