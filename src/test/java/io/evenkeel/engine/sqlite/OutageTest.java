package io.evenkeel.engine.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.engine.log.Outage;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.SqliteTables;
import io.evenkeel.engine.store.UnusableStoreException;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/// What the operator is told while the storage takes no writes.
@ExtendWith(OutputCaptureExtension.class)
class OutageTest {
  private final Outage outage =
      new Outage(
          new SqliteSource(
              new TablesSource() {
                @Override
                public SqliteTables open() {
                  throw new AssertionError("not asked for");
                }

                @Override
                public String toString() {
                  return "evenkeel.db";
                }
              },
              new NormalizerStates(),
              InstantSource.system()));

  /// The codes are SQLite's: SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_READONLY, SQLITE_CANTOPEN,
  /// SQLITE_CORRUPT, SQLITE_NOTADB.
  @ParameterizedTest
  @CsvSource({
    "13, Make room",
    "1034, See to its disk",
    "8, Make the directory writable",
    "14, Make the directory writable",
    "11, restore the directory from a backup",
    "26, restore the directory from a backup"
  })
  void theLineSaysWhatToDo(int code, String remedy, CapturedOutput output) {
    outage.failed(new SQLException("told to fail", null, code));
    assertThat(output).contains("evenkeel.db takes no writes: told to fail.", remedy);
  }

  @Test
  void whatIsDamagedIsToldWithTheRemedyOfTheStore(CapturedOutput output) {
    outage.failed(
        UnusableStoreException.notOpened("evenkeel.db", new SQLException("told to fail")));
    assertThat(output).contains("Stop the service. If another program has it open");
  }

  @Test
  void aLineWhenItBeginsOneWhereElseToLookAndOneWhenItEnds(CapturedOutput output) {
    assertThat(outage.seconds()).isZero();
    for (int i = 0; i < 3; i++) {
      outage.failed(new SQLException("disk I/O error", null, 10));
      outage.failed(new SQLException("unable to open", null, 14));
    }
    assertThat(outage.seconds()).isNotNegative();
    outage.over(7);
    assertThat(outage.seconds()).isZero();
    assertThat(output.getAll().lines().filter(line -> line.contains("evenkeel.db")))
        .satisfiesExactly(
            first -> assertThat(first).contains("takes no writes: disk I/O error"),
            second -> assertThat(second).contains("still takes no writes: unable to open"),
            last -> assertThat(last).contains("takes writes again after", "7 normalizers"));
    outage.failed(new SQLException("disk I/O error", null, 10));
    assertThat(output.getAll().lines().filter(line -> line.contains("takes no writes"))).hasSize(3);
  }
}
