package io.evenkeel.engine.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.engine.bytes.Encoded;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;

/// SQLite goes on writing to a file that no path leads to any more. Evenkeel does not: what is
/// acknowledged is in the files that a restart would read.
@ExtendWith(OutputCaptureExtension.class)
class MissingStoreTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;

  private Path store() {
    return directory.resolve("store");
  }

  private SqliteNormalizerLog open() {
    SqliteNormalizerLog log = Logs.open(store());
    append(log, Asking.of("a").create());
    append(log, Asking.of("a").withKey("first").observe(1));
    return log;
  }

  private static Outcome append(SqliteNormalizerLog log, NormalizerEvent event) {
    return log.append(event).block(LONG);
  }

  private static void assertRefused(SqliteNormalizerLog log, String key) {
    assertThatThrownBy(() -> append(log, Asking.of("a").withKey(key).observe(2)))
        .isInstanceOf(StorageUnavailable.class);
  }

  private static long batches(SqliteNormalizerLog log) {
    return log.find(new NormalizerName("a")).orElseThrow().batches();
  }

  private static List<String> states(SqliteNormalizerLog log) {
    return log.list("", Optional.empty(), 100).stream().map(Encoded::of).toList();
  }

  private static long lines(CapturedOutput output) {
    return output.getAll().lines().filter(line -> line.contains("takes no writes")).count();
  }

  private void assertGoesOn(SqliteNormalizerLog log, String key) {
    await().atMost(LONG).until(log::isReady);
    assertThat(append(log, Asking.of("a").withKey("first").observe(1)))
        .isInstanceOf(Outcome.Duplicate.class);
    long before = batches(log);
    Outcome again = append(log, Asking.of("a").withKey(key).observe(2));
    // It may have been written, but nobody was told so.
    assertThat(batches(log) - before).isEqualTo(again instanceof Outcome.Applied ? 1 : 0);
    List<String> states = states(log);
    log.close();
    try (SqliteNormalizerLog restarted = Logs.open(store())) {
      assertThat(states(restarted)).isEqualTo(states);
    }
  }

  @Test
  void nothingIsAcknowledgedIntoADirectoryThatWasMovedAndAllGoesOnOnceItIsBack(
      CapturedOutput output) throws IOException {
    SqliteNormalizerLog log = open();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(store(), elsewhere);
    assertRefused(log, "second");
    assertRefused(log, "third");
    assertThat(batches(log)).as("inference goes on with what was acknowledged").isEqualTo(1);
    assertThat(lines(output)).isEqualTo(1);
    assertThat(output).contains("store/evenkeel.db is gone");
    Files.move(elsewhere, store());
    assertGoesOn(log, "second");
  }

  @Test
  void aStoreThatIsGoneIsMissedBeforeAnybodyTrains(CapturedOutput output) throws IOException {
    try (SqliteNormalizerLog log = open()) {
      Files.move(store(), directory.resolve("elsewhere"));
      await().atMost(LONG).until(() -> !log.isReady());
      assertThat(lines(output)).isEqualTo(1);
    }
  }

  /// A mount that is gone leaves an empty directory: what is written there is hidden when it comes
  /// back.
  @Test
  void noStoreIsBegunInThePlaceOfOneThatIsGone(CapturedOutput output) throws IOException {
    SqliteNormalizerLog log = open();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(store(), elsewhere);
    Files.createDirectory(store());
    assertRefused(log, "second");
    await()
        .during(Duration.ofMillis(500))
        .atMost(LONG)
        .untilAsserted(() -> {
          assertRefused(log, "second");
          assertThat(store()).isEmptyDirectory();
        });
    assertThat(lines(output)).isEqualTo(1);
    FileSystemUtils.deleteRecursively(store());
    Files.move(elsewhere, store());
    assertGoesOn(log, "second");
  }

  @Test
  void aDirectoryThatIsRemovedEndsTrainingAndNothingElse() throws IOException {
    try (SqliteNormalizerLog log = open()) {
      FileSystemUtils.deleteRecursively(store());
      assertRefused(log, "second");
      assertRefused(log, "second");
      assertThat(batches(log)).isEqualTo(1);
      assertThat(store()).doesNotExist();
    }
  }

  @Test
  void anEmptyFileInThePlaceOfTheStoreIsNoStoreWithoutNormalizers(CapturedOutput output)
      throws IOException {
    SqliteNormalizerLog log = open();
    Path kept = Files.move(store().resolve("evenkeel.db"), directory.resolve("kept.db"));
    Files.createFile(store().resolve("evenkeel.db"));
    await()
        .during(Duration.ofMillis(500))
        .atMost(LONG)
        .untilAsserted(() -> assertRefused(log, "second"));
    assertThat(batches(log)).isEqualTo(1);
    assertThat(lines(output)).isEqualTo(1);
    Files.move(kept, store().resolve("evenkeel.db"), StandardCopyOption.REPLACE_EXISTING);
    assertGoesOn(log, "second");
  }

  /// A backup of yesterday has forgotten what was acknowledged since.
  @Test
  void anOlderStoreInThePlaceOfTheOneThatIsOpenIsNotGoneOnWith(CapturedOutput output)
      throws IOException {
    SqliteNormalizerLog log = open();
    log.close();
    Path older = Files.copy(store().resolve("evenkeel.db"), directory.resolve("older.db"));
    try (SqliteNormalizerLog again = Logs.open(store())) {
      append(again, Asking.of("a").withKey("second").observe(2));
      Files.move(store(), directory.resolve("elsewhere"));
      Files.createDirectory(store());
      Files.move(older, store().resolve("evenkeel.db"));
      assertRefused(again, "third");
      await().atMost(LONG).until(() -> output.getAll().contains("holds less than"));
      assertRefused(again, "third");
      assertThat(batches(again)).isEqualTo(2);
    }
  }

  /// What was read at the start has been shown to readers, whether anything was written since.
  @Test
  void anOlderStoreIsNotGoneOnWithEvenIfNothingWasWrittenSinceTheStart(CapturedOutput output)
      throws IOException {
    SqliteNormalizerLog log = open();
    log.close();
    Path older = Files.copy(store().resolve("evenkeel.db"), directory.resolve("older.db"));
    try (SqliteNormalizerLog again = Logs.open(store())) {
      append(again, Asking.of("a").withKey("second").observe(2));
    }
    try (SqliteNormalizerLog reading = Logs.open(store())) {
      Files.move(store(), directory.resolve("elsewhere"));
      Files.createDirectory(store());
      Files.move(older, store().resolve("evenkeel.db"));
      await().atMost(LONG).until(() -> output.getAll().contains("holds less than"));
      assertRefused(reading, "third");
      assertThat(batches(reading)).isEqualTo(2);
    }
  }

  @Test
  void aLogThatIsRemovedIsWrittenIntoTheFileAndBegunAnew(CapturedOutput output) throws IOException {
    SqliteNormalizerLog log = open();
    Files.delete(store().resolve("evenkeel.db-wal"));
    assertRefused(log, "second");
    assertThat(output).contains("evenkeel.db-wal is gone");
    assertGoesOn(log, "second");
  }

  /// The log would be applied to a file that it was not written for.
  @Test
  void aFileThatWasPutInThePlaceOfTheOneThatIsOpenIsNotOpenedWithItsLog(CapturedOutput output)
      throws IOException {
    try (SqliteNormalizerLog log = open()) {
      Path copy = Files.copy(store().resolve("evenkeel.db"), directory.resolve("copy.db"));
      Files.move(copy, store().resolve("evenkeel.db"), StandardCopyOption.REPLACE_EXISTING);
      await()
          .during(Duration.ofMillis(500))
          .atMost(LONG)
          .untilAsserted(() -> assertRefused(log, "second"));
      assertThat(output).contains("store/evenkeel.db is another file");
      assertThat(lines(output)).isEqualTo(1);
    }
  }

  /// A directory that was copied away and back is the same store, in other files.
  @Test
  void aStoreThatComesBackInOtherFilesIsReadAgain() throws IOException {
    SqliteNormalizerLog log = open();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(store(), elsewhere);
    assertRefused(log, "second");
    FileSystemUtils.copyRecursively(elsewhere, store());
    assertGoesOn(log, "second");
  }

  /// Another Evenkeel that was started in the same place meanwhile owns what is there now.
  @Test
  void theDirectoryIsNotTakenBackFromAnother() throws IOException {
    SqliteNormalizerLog log = open();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(store(), elsewhere);
    try (SqliteNormalizerLog other = Logs.open(store())) {
      for (int i = 0; i < 5; i++) {
        append(other, Asking.of("a" + i).create());
      }
      assertRefused(log, "second");
      assertThat(log.isReady()).isFalse();
      assertThat(append(other, Asking.of("b").create())).isInstanceOf(Outcome.Created.class);
    }
    log.close();
  }

  @Test
  void aStoreInMemoryIsNeverMissed() {
    try (SqliteNormalizerLog log = Logs.open(":memory:", InstantSource.system())) {
      append(log, Asking.of("a").create());
      assertThat(append(log, Asking.of("a").observe(1))).isInstanceOf(Outcome.Applied.class);
    }
  }
}
