package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.StoreDirectory;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.NormalizerLogContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// The SQLite log does what every log must do, in memory and in a directory.
class SqliteNormalizerLogTest {

  @Nested
  class InMemory extends NormalizerLogContract {
    @Override
    protected NormalizerLog open(InstantSource clock) {
      return Logs.open(StoreDirectory.IN_MEMORY, clock);
    }

    @Override
    protected void close(NormalizerLog log) {
      ((SqliteNormalizerLog) log).close();
    }
  }

  @Nested
  class InADirectory extends NormalizerLogContract {
    @TempDir Path directory;

    @Override
    protected NormalizerLog open(InstantSource clock) {
      return Logs.open(directory.toString(), clock);
    }

    @Override
    protected void close(NormalizerLog log) {
      ((SqliteNormalizerLog) log).close();
    }
  }
}
