package io.evenkeel.engine.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/// How changes of rows reach the database: at once where it is in the same process, in batches
/// where each statement would be a journey.
interface Writing {

  /// Which changes come first, if they do not come at once. A row that is deleted makes room for
  /// one of the same name.
  enum Turn {
    DELETIONS,
    OTHERS
  }

  /// Prepares a change.
  Change prepare(Turn turn, String sql) throws SQLException;

  /// A prepared change. Its parameters are set anew each time.
  interface Change {

    PreparedStatement statement();

    /// Changes any number of rows.
    void run() throws SQLException;

    /// Changes one row.
    ///
    /// @throws SQLException if there is not exactly one; where changes do not come at once, when
    ///   they do
    void runOne() throws SQLException;
  }

  /// Refuses another number of changed rows than one.
  static void requireOne(long changed) throws SQLException {
    if (changed != 1) {
      throw new SQLException(changed + " rows were changed where there must be one");
    }
  }
}
