package io.evenkeel.engine.store;

import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.Ordinals;
import io.evenkeel.engine.bytes.Codes;
import io.evenkeel.engine.bytes.MalformedBytesException;
import io.evenkeel.engine.bytes.MomentsBytes;
import io.evenkeel.engine.bytes.WindowBytes;
import io.evenkeel.engine.bytes.WindowRole;
import io.evenkeel.engine.store.Writing.Change;
import io.evenkeel.engine.store.Writing.Turn;
import io.evenkeel.normalizer.Normalizer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The batches of windows, a row each. A new batch adds its row and drops the row of the batch that
/// leaves. Snapshots use the same rows, which stay as long as any window needs them.
final class WindowTable {
  private static final Codes<WindowRole> ROLES =
      new Codes<>(WindowRole.class, List.of(WindowRole.AVERAGING, WindowRole.TRAINING));

  private final String file;
  private final Change insert;
  private final Change drop;
  private final Change dropAll;
  private final PreparedStatement read;

  WindowTable(Connection connection, Writing writing, String file) throws SQLException {
    this.file = file;
    insert =
        writing.prepare(
            Turn.OTHERS,
            "INSERT INTO window_entry (incarnation, role, ordinal, moments) VALUES (?, ?, ?, ?)");
    drop =
        writing.prepare(
            Turn.DELETIONS,
            """
            DELETE FROM window_entry
            WHERE incarnation = ? AND role = ? AND ordinal >= ? AND ordinal < ?
            """);
    dropAll = writing.prepare(Turn.DELETIONS, "DELETE FROM window_entry WHERE incarnation = ?");
    read =
        connection.prepareStatement(
            "SELECT ordinal, moments FROM window_entry WHERE incarnation = ? AND role = ?");
  }

  /// Brings the rows of a name from one state to the next; null if the name is free.
  void write(@Nullable Normalizer stored, @Nullable Normalizer next) throws SQLException {
    boolean gone = stored != null && (next == null || incarnation(stored) != incarnation(next));
    for (WindowRole role : WindowRole.values()) {
      List<MomentsWindow> before = stored == null ? List.of() : role.of(stored);
      if (stored != null && gone && !before.isEmpty()) {
        dropAll.statement().setLong(1, incarnation(stored));
        dropAll.run();
      }
      if (next != null) {
        write(incarnation(next), role, gone ? List.of() : before, role.of(next));
      }
    }
  }

  private void write(
      long incarnation, WindowRole role, List<MomentsWindow> before, List<MomentsWindow> after)
      throws SQLException {
    Ordinals stored = all(before);
    Ordinals wanted = all(after);
    Ordinals dropped = stored.minus(wanted);
    for (int run = 0; run < dropped.runs(); run++) {
      key(drop.statement(), incarnation, role).setLong(3, dropped.from(run));
      drop.statement().setLong(4, dropped.to(run));
      drop.run();
    }
    Ordinals missing = wanted.minus(stored);
    for (MomentsWindow window : narrowestFirst(after)) {
      if (!missing.and(window.ordinals()).isEmpty()) {
        window.forEach(missing, (ordinal, moments) -> add(incarnation, role, ordinal, moments));
        missing = missing.minus(window.ordinals());
      }
    }
  }

  /// A row has the features that its batch had. A window of more features, to which they were added
  /// later, can be made of it, and not the other way round.
  private static List<MomentsWindow> narrowestFirst(List<MomentsWindow> windows) {
    return windows.stream().sorted(Comparator.comparingInt(MomentsWindow::features)).toList();
  }

  private static Ordinals all(List<MomentsWindow> windows) {
    Ordinals all = Ordinals.NONE;
    for (MomentsWindow window : windows) {
      all = all.plus(window.ordinals());
    }
    return all;
  }

  private void add(long incarnation, WindowRole role, long ordinal, FeatureMoments moments)
      throws SQLException {
    key(insert.statement(), incarnation, role).setLong(3, ordinal);
    insert.statement().setBytes(4, MomentsBytes.encode(moments));
    insert.runOne();
  }

  private static PreparedStatement key(
      PreparedStatement statement, long incarnation, WindowRole role) throws SQLException {
    statement.setLong(1, incarnation);
    statement.setInt(2, ROLES.of(role));
    return statement;
  }

  private static long incarnation(Normalizer normalizer) {
    return normalizer.revision().incarnation();
  }

  /// The rows of a normalizer in one role, read once and shared by all its windows of as many
  /// features.
  WindowBytes.Entries entries(long incarnation, WindowRole role) {
    Map<Long, FeatureMoments> stored = new HashMap<>();
    return WindowBytes.Entries.of(() -> {
      if (stored.isEmpty()) {
        read(incarnation, role, stored);
      }
      return stored;
    });
  }

  private void read(long incarnation, WindowRole role, Map<Long, FeatureMoments> into)
      throws SQLException {
    try (ResultSet row = key(read, incarnation, role).executeQuery()) {
      while (row.next()) {
        into.put(row.getLong(1), moments(row, incarnation, role));
      }
    }
  }

  private FeatureMoments moments(ResultSet row, long incarnation, WindowRole role)
      throws SQLException {
    try {
      return MomentsBytes.decode(row.getBytes(2));
    } catch (MalformedBytesException e) {
      String where =
          "table window_entry, incarnation %d, role %d, ordinal %d"
              .formatted(incarnation, ROLES.of(role), row.getLong(1));
      throw UnusableStoreException.damaged(file, where, e);
    }
  }

  /// Whether the rows of a normalizer equal the batches in the windows of a state, bit by bit.
  /// Reads one row at a time.
  ///
  /// @throws UnusableStoreException if one of them is damaged
  boolean areThoseOf(Normalizer state) throws SQLException {
    for (WindowRole role : WindowRole.values()) {
      List<MomentsWindow> held = role.of(state);
      if (!held.isEmpty() && !areThoseOf(incarnation(state), role, held)) {
        return false;
      }
    }
    return true;
  }

  private boolean areThoseOf(long incarnation, WindowRole role, List<MomentsWindow> windows)
      throws SQLException {
    Map<Long, FeatureMoments> held = new HashMap<>();
    Ordinals missing = all(windows);
    for (MomentsWindow window : windows) {
      window.forEach(missing, held::put);
      missing = missing.minus(window.ordinals());
    }
    try (ResultSet row = key(read, incarnation, role).executeQuery()) {
      while (row.next()) {
        FeatureMoments ofState = held.remove(row.getLong(1));
        if (ofState == null || !isOf(ofState, moments(row, incarnation, role))) {
          return false;
        }
      }
    }
    return held.isEmpty();
  }

  private static boolean isOf(FeatureMoments ofState, FeatureMoments stored) {
    return stored.features() <= ofState.features()
        && ofState.equals(stored.widened(ofState.features()));
  }
}
