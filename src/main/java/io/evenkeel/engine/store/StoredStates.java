package io.evenkeel.engine.store;

import io.evenkeel.engine.bytes.DefinitionBytes;
import io.evenkeel.engine.bytes.EqualParts;
import io.evenkeel.engine.bytes.MalformedBytesException;
import io.evenkeel.engine.bytes.StateBytes;
import io.evenkeel.engine.bytes.WindowBytes;
import io.evenkeel.engine.bytes.WindowRole;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads all normalizers, one after the other, so that the bytes of no more than one are in memory.
///
/// If a state in memory has the stored bytes, with its windows and snapshots, the same object is
/// handed over. So reading a million states again does not make a million new objects while the old
/// ones are still needed. The rows of such a state are compared one by one, and none is kept before
/// that.
final class StoredStates {
  private final String file;
  private final SnapshotTable snapshots;
  private final WindowTable windows;
  private final NormalizerStates held;
  private byte[] lastBytes = {};
  private @Nullable NormalizerDefinition lastDefinition;

  /// @param file the name of the file in messages
  /// @param snapshots where the snapshots are
  /// @param windows where the batches of windows are
  /// @param held the states in memory
  StoredStates(String file, SnapshotTable snapshots, WindowTable windows, NormalizerStates held) {
    this.file = file;
    this.snapshots = snapshots;
    this.windows = windows;
    this.held = held;
  }

  /// The columns of a query for states, in their order.
  static final String COLUMNS =
      """
      incarnation, name, definition, state, position,
        EXISTS (SELECT 1 FROM snapshot AS s WHERE s.incarnation = normalizer.incarnation)
      """;

  /// A query for all states.
  static final String ALL =
      "SELECT " + COLUMNS + " FROM normalizer FULL JOIN head USING (incarnation)";

  /// Who takes the states that were read.
  @FunctionalInterface
  interface Taker {
    /// Takes the next one.
    ///
    /// @param position of the last entry of the group that made the state
    void take(Normalizer state, long position);
  }

  /// Hands over all states of a query.
  ///
  /// @param row of [#COLUMNS]
  /// @return the last position that any of them was changed at
  /// @throws UnusableStoreException if one of them is damaged
  long read(ResultSet row, Taker states) throws SQLException {
    long last = 0;
    while (row.next()) {
      long position = row.getLong(5);
      last = Math.max(last, position);
      states.take(state(row), position);
    }
    return last;
  }

  private Normalizer state(ResultSet row) throws SQLException {
    long incarnation = row.getLong(1);
    NormalizerDefinition definition = definition(row);
    try {
      NormalizerName name = new NormalizerName(row.getString(2));
      byte[] bytes = present(row.getBytes(4));
      Optional<Normalizer> known =
          held.find(name)
              .filter(state ->
                  state.revision().incarnation() == incarnation
                      && state.definition().equals(definition)
                      && Arrays.equals(StateBytes.encode(state), bytes));
      if (known.isPresent() && isWholly(known.get(), row)) {
        return known.get();
      }
      StateBytes.Beside beside = beside(row);
      return StateBytes.decode(name, incarnation, definition, bytes, beside);
    } catch (MalformedBytesException | IllegalArgumentException e) {
      throw UnusableStoreException.damaged(file, "table head, " + where(row), e);
    }
  }

  /// Normalizers that were created together often have the same definition, which is decoded once.
  private NormalizerDefinition definition(ResultSet row) throws SQLException {
    try {
      byte[] bytes = present(row.getBytes(3));
      NormalizerDefinition definition =
          lastDefinition != null && Arrays.equals(bytes, lastBytes)
              ? lastDefinition
              : held.definitions().shared(DefinitionBytes.decode(bytes));
      lastBytes = bytes;
      lastDefinition = definition;
      return definition;
    } catch (MalformedBytesException e) {
      throw UnusableStoreException.damaged(file, "table normalizer, " + where(row), e);
    }
  }

  /// Whether the rows beside this one (batches of windows, snapshots) equal those of a state, too.
  private boolean isWholly(Normalizer state, ResultSet row) throws SQLException {
    boolean sameSnapshots =
        row.getBoolean(6) ? snapshots.areThoseOf(state) : state.snapshots().all().isEmpty();
    return sameSnapshots && windows.areThoseOf(state);
  }

  private StateBytes.Beside beside(ResultSet row) throws SQLException {
    long incarnation = row.getLong(1);
    WindowBytes.Entries averaged = windows.entries(incarnation, WindowRole.AVERAGING);
    boolean hasSnapshots = row.getBoolean(6);
    EqualParts parts = new EqualParts(hasSnapshots);
    List<Snapshot> kept =
        hasSnapshots ? snapshots.load(incarnation, averaged, held.definitions(), parts) : List.of();
    return new StateBytes.Beside(
        kept, averaged, windows.entries(incarnation, WindowRole.TRAINING), parts);
  }

  private static byte[] present(byte @Nullable [] bytes) {
    if (bytes == null) {
      throw new MalformedBytesException("the row is missing");
    }
    return bytes;
  }

  private static String where(ResultSet row) throws SQLException {
    return "normalizer " + row.getString(2) + " (incarnation " + row.getLong(1) + ")";
  }
}
