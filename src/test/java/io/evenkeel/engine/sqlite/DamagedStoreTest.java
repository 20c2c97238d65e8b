package io.evenkeel.engine.sqlite;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.engine.store.UnusableStoreException;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is not as it was written is told at the start, by file, table and normalizer, and never
/// skipped.
class DamagedStoreTest {
  private static final NormalizerDefinition WINDOWED =
      Asking.definition(
          new Averaging.Window(3, WindowKind.SLIDING),
          new Training.Window(3, WindowKind.SLIDING),
          Features.numbered(1));

  @TempDir Path directory;

  @BeforeEach
  void write() {
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      log.append(Asking.of("payments").create()).block(Duration.ofSeconds(30));
      log.append(Asking.of("payments").observe(1, 2)).block(Duration.ofSeconds(30));
      log.append(Asking.of("payments").takeSnapshot("kept")).block(Duration.ofSeconds(30));
      log.append(Asking.of("windowed").create(WINDOWED)).block(Duration.ofSeconds(30));
      log.append(Asking.of("windowed").observe(1, 2)).block(Duration.ofSeconds(30));
      log.append(Asking.of("windowed").observe(3, 4)).block(Duration.ofSeconds(30));
      log.append(Asking.of("windowed").takeSnapshot("kept")).block(Duration.ofSeconds(30));
      log.append(Asking.of("windowed").observe(5, 6)).block(Duration.ofSeconds(30));
    }
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Path file() {
    return directory.resolve("evenkeel.db");
  }

  private void assertUnusable(String... parts) {
    assertThatThrownBy(() -> Logs.open(directory))
        .isInstanceOf(UnusableStoreException.class)
        .hasMessageContaining(file().toString())
        .hasMessageContainingAll(parts);
    // The refusal has not taken the directory with it.
    assertThatThrownBy(() -> Logs.open(directory)).hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // One bit of the version, the rows, a mean, the checksum.
        "substr(state, 1, 0) || x'03' || substr(state, 2)",
        "substr(state, 1, 15) || x'ff' || substr(state, 17)",
        "substr(state, 1, 80) || x'ff' || substr(state, 82)",
        "substr(state, 1, length(state) - 1) || iif(substr(state, -1) = x'aa', x'ab', x'aa')",
        // Cut short, longer, empty.
        "substr(state, 1, length(state) / 2)",
        "state || x'00'",
        "x''"
      })
  void aDamagedHead(String bytes) throws Exception {
    execute("UPDATE head SET state = CAST(" + bytes + " AS BLOB)");
    assertUnusable("table head", "payments", "incarnation 1", "backup", "move it away");
  }

  @Test
  void aDamagedDefinition() throws Exception {
    execute("UPDATE normalizer SET definition = substr(definition, 1, 9)");
    assertUnusable("table normalizer", "payments", "checksum");
  }

  @Test
  void aHeadWithoutADefinition() throws Exception {
    execute("DELETE FROM normalizer");
    assertUnusable("table normalizer", "the row is missing");
  }

  @Test
  void aDefinitionWithoutAHead() throws Exception {
    execute("DELETE FROM head");
    assertUnusable("table head", "payments", "the row is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM window_entry WHERE role = 0 AND ordinal = 2",
        "DELETE FROM window_entry WHERE role = 1"
      })
  void aDamagedWindow(String sql) throws Exception {
    execute(sql);
    assertUnusable("table head", "windowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE window_entry SET moments = substr(moments, 1, 20)",
        "UPDATE window_entry SET moments = CAST(moments || x'00' AS BLOB) WHERE role = 1"
      })
  void aDamagedBatchOfAWindow(String sql) throws Exception {
    execute(sql);
    assertUnusable("table window_entry", "ordinal", "checksum");
  }

  @Test
  void aSnapshotWithoutItsNormalizer() throws Exception {
    execute("UPDATE snapshot SET incarnation = 99 WHERE incarnation = 1");
    assertUnusable("table snapshot", "incarnation 99", "no such normalizer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM window_entry WHERE role = 0 AND ordinal = 0",
        "UPDATE snapshot SET state = substr(state, 2)",
        "UPDATE snapshot SET definition = substr(definition, 1, 9)",
        "UPDATE snapshot SET label = 'NO LABEL' WHERE incarnation = 1"
      })
  void aDamagedSnapshot(String sql) throws Exception {
    execute(sql);
    assertUnusable("table snapshot", "backup");
  }

  @Test
  void aFileThatIsNoDatabase() throws Exception {
    Files.writeString(file(), "not a database, but quite long enough to look like one ".repeat(50));
    assertUnusable("not a database", "backup");
  }

  @Test
  void aTableThatIsGone() throws Exception {
    execute("DROP TABLE applied_key");
    assertUnusable("applied_key", "backup");
  }

  @Test
  void aNewerVersion() throws Exception {
    execute("PRAGMA user_version = 99");
    assertUnusable("newer version", "99");
  }
}
