package io.evenkeel.engine.store;

import io.evenkeel.engine.bytes.Nanoseconds;
import io.evenkeel.engine.store.Writing.Change;
import io.evenkeel.engine.store.Writing.Turn;
import io.evenkeel.normalizer.AppliedKey;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.Normalizer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The idempotency keys that were applied, as [KeyTable] keeps them, in PostgreSQL: all keys of a
/// group are asked for in one query.
final class PostgresKeys {
  private final Connection connection;
  private final PreparedStatement find;
  private final Change insert;
  private final Map<Asked, AppliedKey> found = new HashMap<>();
  private final List<Normalizer> askedOf = new ArrayList<>();
  private final List<Digest> asked = new ArrayList<>();

  private record Asked(long incarnation, Digest hash) {}

  PostgresKeys(Connection connection, Writing writing) throws SQLException {
    this.connection = connection;
    find =
        connection.prepareStatement(
            """
            SELECT k.incarnation, k.hash, k.fingerprint, k.ordinal, k.version, k.at
            FROM unnest(?::bigint[], ?::bigint[], ?::bytea[]) AS q (incarnation, block, hash)
            CROSS JOIN generate_series(q.block - %d, q.block) AS b (block)
            JOIN applied_key AS k
              ON k.incarnation = q.incarnation AND k.block = b.block AND k.hash = q.hash
            ORDER BY k.block
            """
                .formatted(KeyTable.BLOCKS - 1));
    insert =
        writing.prepare(
            Turn.OTHERS,
            """
            INSERT INTO applied_key (incarnation, block, hash, fingerprint, ordinal, version, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (incarnation, block, hash) DO UPDATE SET
              fingerprint = excluded.fingerprint, ordinal = excluded.ordinal,
              version = excluded.version, at = excluded.at
            """);
  }

  /// Forgets what was asked for.
  void begin() {
    found.clear();
    asked.clear();
    askedOf.clear();
  }

  /// The key will be asked for in the group.
  void ask(Normalizer current, Digest hash) {
    if (current.keys() > 0) {
      askedOf.add(current);
      asked.add(hash);
    }
  }

  /// Fetches the keys that will be asked for.
  void fetch() throws SQLException {
    if (asked.isEmpty()) {
      return;
    }
    find.setArray(1, connection.createArrayOf("bigint", incarnations()));
    find.setArray(2, connection.createArrayOf("bigint", blocks()));
    find.setArray(3, connection.createArrayOf("bytea", hashes()));
    try (ResultSet row = find.executeQuery()) {
      while (row.next()) {
        Digest hash = Digest.ofBytes(row.getBytes(2));
        IdempotencyKey key = new IdempotencyKey(hash, Digest.ofBytes(row.getBytes(3)));
        found.put(
            new Asked(row.getLong(1), hash),
            new AppliedKey(
                key, row.getLong(4), row.getLong(5), Nanoseconds.instant(row.getLong(6))));
      }
    }
  }

  private Object[] incarnations() {
    return askedOf.stream().map(state -> state.revision().incarnation()).toArray();
  }

  private Object[] blocks() {
    return askedOf.stream().map(state -> KeyTable.blockOf(state.keys())).toArray();
  }

  private Object[] hashes() {
    return asked.stream().map(Digest::bytes).toArray(byte[][]::new);
  }

  /// The key that is stored under a hash; it may be too old to count.
  Optional<AppliedKey> find(Normalizer current, Digest hash) {
    return Optional.ofNullable(found.get(new Asked(current.revision().incarnation(), hash)));
  }

  void add(long incarnation, AppliedKey key) throws SQLException {
    PreparedStatement row = insert.statement();
    row.setLong(1, incarnation);
    row.setLong(2, KeyTable.blockOf(key.ordinal()));
    row.setBytes(3, key.key().hash().bytes());
    row.setBytes(4, key.key().fingerprint().bytes());
    row.setLong(5, key.ordinal());
    row.setLong(6, key.version());
    row.setLong(7, Nanoseconds.of(key.at()));
    insert.runOne();
  }
}
