package io.evenkeel.engine.store;

import io.evenkeel.engine.bytes.Nanoseconds;
import io.evenkeel.engine.store.Writing.Change;
import io.evenkeel.engine.store.Writing.Turn;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizerName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The audit trail: the latest commands that were carried out. Its entries outlive their
/// normalizers. Each commit drops a portion of the entries that are too old.
public final class AuditTable {
  /// The default number of commands that are kept.
  public static final long KEPT = 1_000_000;

  /// The most rows that one commit drops; a group adds fewer.
  private static final int PORTION = 1024;

  private static final String COLUMNS =
      "SELECT position, at, actor, command, name, version, reason FROM audit";

  private final Change insert;
  private final PreparedStatement last;
  private final PreparedStatement page;
  private final PreparedStatement pageOfName;
  private final PreparedStatement all;
  private final PreparedStatement drop;
  private final long kept;
  private long count;

  /// @param kept how many commands to keep, at least 1
  AuditTable(Connection connection, Writing writing, long kept) throws SQLException {
    this.kept = kept;
    all = connection.prepareStatement("SELECT count(*) FROM audit");
    drop =
        connection.prepareStatement(
            "DELETE FROM audit WHERE position IN"
                + " (SELECT position FROM audit ORDER BY position LIMIT ?)");
    insert =
        writing.prepare(
            Turn.OTHERS,
            """
            INSERT INTO audit (position, at, actor, command, name, version, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """);
    last = connection.prepareStatement("SELECT max(position) FROM audit");
    page =
        connection.prepareStatement(COLUMNS + " WHERE position < ? ORDER BY position DESC LIMIT ?");
    pageOfName =
        connection.prepareStatement(
            COLUMNS + " WHERE position < ? AND name = ? ORDER BY position DESC LIMIT ?");
  }

  long lastPosition() throws SQLException {
    try (ResultSet row = last.executeQuery()) {
      return row.getLong(1);
    }
  }

  /// Counts the rows once; later changes update the count.
  void count() throws SQLException {
    try (ResultSet row = all.executeQuery()) {
      count = row.getLong(1);
    }
  }

  void add(AuditEntry entry) throws SQLException {
    PreparedStatement row = insert.statement();
    row.setLong(1, entry.position());
    row.setLong(2, Nanoseconds.of(entry.at()));
    row.setString(3, entry.actor().orElse(null));
    row.setString(4, entry.command());
    row.setString(5, entry.normalizer().value());
    row.setLong(6, entry.version());
    row.setString(7, entry.reason().orElse(null));
    insert.runOne();
    count++;
  }

  /// Drops one portion of the entries that are too old.
  void sweep() throws SQLException {
    if (count > kept) {
      drop.setLong(1, Math.min(count - kept, PORTION));
      count -= drop.executeUpdate();
    }
  }

  /// Up to `limit` entries, the latest first.
  ///
  /// @param before only entries before this position
  public List<AuditEntry> page(Optional<NormalizerName> name, Optional<Long> before, int limit)
      throws SQLException {
    PreparedStatement query = name.isPresent() ? pageOfName : page;
    int parameter = 1;
    query.setLong(parameter++, before.orElse(Long.MAX_VALUE));
    if (name.isPresent()) {
      query.setString(parameter++, name.get().value());
    }
    query.setInt(parameter, limit);
    List<AuditEntry> entries = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        entries.add(
            new AuditEntry(
                row.getLong(1),
                Nanoseconds.instant(row.getLong(2)),
                Optional.ofNullable(row.getString(3)),
                row.getString(4),
                new NormalizerName(row.getString(5)),
                row.getLong(6),
                Optional.ofNullable(row.getString(7))));
      }
    }
    return entries;
  }
}
