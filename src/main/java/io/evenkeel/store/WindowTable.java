package io.evenkeel.store;

import io.evenkeel.batchnorm.FeatureMoments;
import io.evenkeel.batchnorm.MomentsWindow;
import io.evenkeel.batchnorm.WindowStatistics;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.TrainingWindow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The batches of windows, a row each: a batch that arrives writes its own row and drops the one
/// that leaves.
final class WindowTable {
  /// What a window is for.
  enum Role {
    /// The running statistics.
    AVERAGING {
      @Override
      Optional<MomentsWindow> of(Normalizer normalizer) {
        return normalizer.running() instanceof WindowStatistics statistics
            ? Optional.of(statistics.window())
            : Optional.empty();
      }
    },
    /// What a training batch is normalised together with.
    TRAINING {
      @Override
      Optional<MomentsWindow> of(Normalizer normalizer) {
        return normalizer.window().map(TrainingWindow::moments);
      }
    };

    /// The window of a normalizer, if it has one of this role.
    abstract Optional<MomentsWindow> of(Normalizer normalizer);
  }

  private static final Codes<Role> ROLES =
      new Codes<>(Role.class, List.of(Role.AVERAGING, Role.TRAINING));

  private final PreparedStatement insert;
  private final PreparedStatement dropBefore;
  private final PreparedStatement dropAll;
  private final PreparedStatement read;

  WindowTable(Connection connection) throws SQLException {
    insert =
        connection.prepareStatement(
            "INSERT INTO window_entry (incarnation, role, ordinal, moments) VALUES (?, ?, ?, ?)");
    dropBefore =
        connection.prepareStatement(
            "DELETE FROM window_entry WHERE incarnation = ? AND role = ? AND ordinal < ?");
    dropAll = connection.prepareStatement("DELETE FROM window_entry WHERE incarnation = ?");
    read =
        connection.prepareStatement(
            """
            SELECT moments FROM window_entry
            WHERE incarnation = ? AND role = ? AND ordinal >= ? AND ordinal < ? ORDER BY ordinal
            """);
  }

  /// Brings the rows of one name from one state to another; null where the name is free.
  void write(@Nullable Normalizer stored, @Nullable Normalizer next) throws SQLException {
    boolean gone = stored != null && (next == null || incarnation(stored) != incarnation(next));
    if (stored != null && gone && hasWindow(stored)) {
      dropAll.setLong(1, incarnation(stored));
      dropAll.executeUpdate();
    }
    if (next != null) {
      write(stored == null || gone ? Optional.empty() : Optional.of(stored), next);
    }
  }

  private void write(Optional<Normalizer> stored, Normalizer next) throws SQLException {
    for (Role role : Role.values()) {
      Optional<MomentsWindow> window = role.of(next);
      if (window.isPresent()) {
        write(incarnation(next), role, stored.flatMap(role::of), window.get());
      }
    }
  }

  private void write(
      long incarnation, Role role, Optional<MomentsWindow> stored, MomentsWindow next)
      throws SQLException {
    long known = stored.map(MomentsWindow::next).orElse(0L);
    long oldest = stored.map(MomentsWindow::first).orElse(0L);
    if (oldest < Math.min(known, next.first())) {
      dropBefore.setLong(1, incarnation);
      dropBefore.setInt(2, ROLES.of(role));
      dropBefore.setLong(3, next.first());
      dropBefore.executeUpdate();
    }
    next.forEachFrom(known, (ordinal, moments) -> add(incarnation, role, ordinal, moments));
  }

  private void add(long incarnation, Role role, long ordinal, FeatureMoments moments)
      throws SQLException {
    insert.setLong(1, incarnation);
    insert.setInt(2, ROLES.of(role));
    insert.setLong(3, ordinal);
    insert.setBytes(4, MomentsBytes.encode(moments));
    insert.executeUpdate();
  }

  private static boolean hasWindow(Normalizer normalizer) {
    return Role.AVERAGING.of(normalizer).isPresent() || Role.TRAINING.of(normalizer).isPresent();
  }

  private static long incarnation(Normalizer normalizer) {
    return normalizer.revision().incarnation();
  }

  /// The batches of a window, from one ordinal up to another.
  List<FeatureMoments> read(long incarnation, Role role, int features, long first, long next)
      throws SQLException {
    read.setLong(1, incarnation);
    read.setInt(2, ROLES.of(role));
    read.setLong(3, first);
    read.setLong(4, next);
    return entries(read, features, next - first);
  }

  /// The moments that a query finds.
  ///
  /// @param count how many there must be
  static List<FeatureMoments> entries(PreparedStatement query, int features, long count)
      throws SQLException {
    List<FeatureMoments> entries = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        entries.add(MomentsBytes.decode(row.getBytes(1), features));
      }
    }
    if (entries.size() != count) {
      throw new MalformedBytesException(
          "a window has " + entries.size() + " batches where there must be " + count);
    }
    return entries;
  }
}
