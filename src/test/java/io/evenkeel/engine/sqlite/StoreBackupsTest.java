package io.evenkeel.engine.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.engine.store.HeldFiles;
import io.evenkeel.engine.store.StoreDirectory;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalization.Backups;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/// Copies of a store that is in use, and what becomes of the store meanwhile.
class StoreBackupsTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
  @TempDir Path copies;

  private Path left() {
    return directory.resolve("evenkeel.backup");
  }

  private static void observe(SqliteNormalizerLog log, int batches) {
    for (int i = 0; i < batches; i++) {
      log.append(Asking.of("a").observe(i)).block(LONG);
    }
  }

  private static long batches(SqliteNormalizerLog log) {
    return log.find(new NormalizerName("a")).orElseThrow().batches();
  }

  private static Backups.Copy take(SqliteNormalizerLog log) {
    return log.backups().take().blockOptional(LONG).orElseThrow();
  }

  private long batchesIn(Backups.Copy copy, String name) throws Exception {
    Path store = Files.createDirectory(copies.resolve(name));
    Files.copy(copy.file(), store.resolve("evenkeel.db"));
    try (SqliteNormalizerLog restored = Logs.open(store)) {
      return batches(restored);
    }
  }

  @Test
  void aCopyStaysAsItWasWhileTheStoreGoesOn() throws Exception {
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      log.append(Asking.of("a").create()).block(LONG);
      observe(log, 10);
      Backups.Copy copy = take(log);
      observe(log, 5);
      assertThatThrownBy(() -> take(log)).isInstanceOf(Overloaded.class);
      assertThat(batchesIn(copy, "first")).isEqualTo(10);
      copy.close();
      copy.close();
      assertThat(left()).doesNotExist();
      Backups.Copy next = take(log);
      assertThat(batchesIn(next, "second")).isEqualTo(15);
      next.close();
      observe(log, 5);
    }
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      assertThat(batches(log)).isEqualTo(20);
    }
  }

  @Test
  void aStoreInMemoryIsCopiedToo() throws Exception {
    try (SqliteNormalizerLog log = Logs.open(StoreDirectory.IN_MEMORY, InstantSource.system())) {
      log.append(Asking.of("a").create()).block(LONG);
      for (int round = 1; round <= 2; round++) {
        observe(log, 10);
        Backups.Copy copy = take(log);
        assertThat(batchesIn(copy, "copy-" + round)).isEqualTo(10 * round);
        copy.close();
        assertThat(copy.file()).doesNotExist();
      }
    }
  }

  @Test
  void aCopyThatNobodyWaitsForIsDropped() throws Exception {
    HeldClock clock = new HeldClock();
    try (SqliteNormalizerLog log = Logs.open(directory.toString(), clock)) {
      log.append(Asking.of("a").create()).block(LONG);
      clock.hold(log);
      Disposable waiting = log.backups().take().subscribe();
      waiting.dispose();
      clock.release();
      await().atMost(LONG).ignoreException(Overloaded.class).untilAsserted(() -> take(log).close());
      assertThat(left()).doesNotExist();
    }
  }

  @Test
  void whatACrashHasLeftIsDeletedAtTheStart() throws Exception {
    Files.writeString(left(), "half a copy");
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      assertThat(left()).doesNotExist();
      assertThat(log.isReady()).isTrue();
    }
  }

  @Test
  void nothingIsCopiedWhileTheStorageTakesNoWrites() {
    FaultyStorage storage = new FaultyStorage();
    try (SqliteNormalizerLog log =
        Logs.open(directory.toString(), InstantSource.system(), storage)) {
      log.append(Asking.of("a").create()).block(LONG);
      storage.fail();
      assertThatThrownBy(() -> take(log)).isInstanceOf(StorageUnavailable.class);
      storage.heal();
      await().atMost(LONG).until(log::isReady);
      take(log).close();
    }
  }

  /// A sparse file that is larger than what is free of its disk, which holds nothing of it.
  @Test
  void aCopyThatThereIsNoRoomForIsRefusedBeforeAnythingIsWritten() throws Exception {
    Path large = copies.resolve("large");
    long free = Files.getFileStore(directory).getUsableSpace();
    try (FileChannel file =
        FileChannel.open(
            large,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), free);
      StoreBackups backups =
          new StoreBackups(
              Mono.just(HeldFiles.of(file)), StoreDirectory.claim(directory.toString()));
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> backups.take().block(LONG))
            .isInstanceOf(StorageUnavailable.class)
            .hasMessageContaining("needs room");
        assertThat(left()).doesNotExist();
      }
    }
  }

  /// The path of the database leads nowhere, so that its file cannot be read while SQLite has it
  /// open.
  @Test
  void aBackupThatCannotBeBegunFailsNoEventBesideIt() throws Exception {
    Path database = directory.resolve("elsewhere.db");
    SteppedLog log =
        SteppedLog.open(() -> Logs.connect(database), InstantSource.system(), 100, 100);
    for (int round = 0; round < 2; round++) {
      CompletableFuture<Outcome> before =
          log.log()
              .append(round == 0 ? Asking.of("a").create() : Asking.of("a").observe(round))
              .toFuture();
      CompletableFuture<Backups.Copy> backup = log.backups().take().toFuture();
      CompletableFuture<Outcome> behind = log.log().append(Asking.of("a").observe(7)).toFuture();
      log.writeGroup();
      assertThatThrownBy(backup::get).hasCauseInstanceOf(StorageUnavailable.class);
      assertThat(before.get())
          .isInstanceOf(round == 0 ? Outcome.Created.class : Outcome.Applied.class);
      assertThat(behind.get()).isInstanceOf(Outcome.Applied.class);
      assertThat(log.log().isReady()).isTrue();
    }
    log.close();
  }

  /// A file whose descriptor is closed loses the locks of the whole process.
  @Test
  void noOtherProcessCanOpenTheStoreAfterABackup() throws Exception {
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      log.append(Asking.of("a").create()).block(LONG);
      take(log).close();
      observe(log, 1);
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Intruder.class.getName(),
                  directory.resolve("evenkeel.db").toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(other.waitFor()).as(said).isZero();
      assertThat(said).contains("SQLITE_BUSY");
    }
  }
}
