package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.log.StoreSource;
import io.evenkeel.engine.store.LostStoreException;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.SqliteTables;
import io.evenkeel.engine.store.UnusableStoreException;
import java.sql.SQLException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Opens the file and reads its states.
///
/// SQLite may or may not have rolled back by itself when it fails, and after a failed fsync nobody
/// knows what is on the disk: the file that is opened again must hold all events that were
/// acknowledged.
///
/// @param tables opens the tables
/// @param states those in memory
record SqliteSource(TablesSource tables, NormalizerStates states, InstantSource clock)
    implements StoreSource<SqliteStore> {
  /// SQLite's primary result codes, <https://www.sqlite.org/rescode.html>.
  private static final int READ_ONLY = 8;

  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANNOT_OPEN = 14;
  private static final int NOT_A_DATABASE = 26;

  @Override
  public SqliteStore open(long acknowledged) throws SQLException {
    SqliteTables opened = tables.open();
    try {
      opened.load(states, tables.isLasting() ? acknowledged : 0);
    } catch (SQLException | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
    return new SqliteStore(opened, tables, states, clock);
  }

  @Override
  public String remedy(Throwable failure) {
    return switch (code(failure)) {
      case FULL -> "Make room on its disk; no restart is needed.";
      case READ_ONLY, CANNOT_OPEN ->
          "Make the directory writable for this user, or mount it again; no restart is needed.";
      case CORRUPT, NOT_A_DATABASE ->
          "Stop the service, and restore the directory from a backup or move it away.";
      default ->
          switch (failure) {
            case LostStoreException lost -> lost.remedy();
            case UnusableStoreException unusable -> "Stop the service. " + unusable.remedy();
            default ->
                "See to its disk or mount, of which the system's log may tell more; no restart is"
                    + " needed.";
          };
    };
  }

  private static int code(@Nullable Throwable cause) {
    return cause instanceof SQLException failure ? failure.getErrorCode() & 0xff : 0;
  }

  /// The stack trace of a lost file tells the operator nothing.
  @Override
  public boolean isTraced(Throwable failure) {
    return !(failure instanceof LostStoreException);
  }

  @Override
  public String toString() {
    return tables.toString();
  }
}
