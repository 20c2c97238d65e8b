package io.evenkeel.engine.store;

import io.evenkeel.normalizer.NormalizerName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Brings states in memory up to date with the rows that others have written. Reads only the states
/// that have another position than the ones in memory.
///
/// Whoever calls it holds the lock of the states.
final class RefreshedStates {
  /// How many rows come from the server at a time, when all are read.
  private static final int FETCHED = 256;

  private final Connection connection;
  private final String database;
  private final NormalizerStates states;
  private final SnapshotTable snapshots;
  private final WindowTable windows;
  private final PreparedStatement ofNames;

  /// @param database its name in messages
  RefreshedStates(Connection connection, String database, NormalizerStates states)
      throws SQLException {
    this.connection = connection;
    this.database = database;
    this.states = states;
    Writing none = new WritingAtOnce(connection);
    snapshots = new SnapshotTable(connection, none, database);
    windows = new WindowTable(connection, none, database);
    ofNames =
        connection.prepareStatement(
            "SELECT "
                + StoredStates.COLUMNS
                + " FROM normalizer JOIN head USING (incarnation) WHERE name = ANY (?)");
  }

  private StoredStates stored() {
    return new StoredStates(database, snapshots, windows, states);
  }

  /// Reads all states; equal ones stay the same objects.
  NormalizerStates.Anew all() throws SQLException {
    NormalizerStates.Anew anew = states.anew();
    try (PreparedStatement query = connection.prepareStatement(StoredStates.ALL)) {
      query.setFetchSize(FETCHED);
      try (ResultSet row = query.executeQuery()) {
        stored().read(row, anew::add);
      }
    }
    snapshots.requireNoOthers();
    return anew;
  }

  /// Where the database is with some names.
  static final class Positions {
    private final List<NormalizerName> names = new ArrayList<>();
    private final List<Long> positions = new ArrayList<>();

    /// @param position of the entry that made the stored state; 0 if the name is free
    void add(NormalizerName name, long position) {
      names.add(name);
      positions.add(position);
    }
  }

  /// Reads the states of these names that memory has not yet, and drops those that are gone.
  void refresh(Positions stored) throws SQLException {
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < stored.names.size(); i++) {
      NormalizerName name = stored.names.get(i);
      long position = stored.positions.get(i);
      if (position != states.position(name)) {
        if (position == 0) {
          states.remove(name);
        } else {
          changed.add(name.value());
        }
      }
    }
    if (!changed.isEmpty()) {
      ofNames.setArray(1, connection.createArrayOf("text", changed.toArray()));
      try (ResultSet row = ofNames.executeQuery()) {
        stored().read(row, states::put);
      }
    }
  }
}
