package io.evenkeel.engine.store;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever becomes of the files of a store is seen by the next look, whether the directory was
/// changed a moment ago or long before.
class OpenFilesTest {
  /// For how long nothing has changed before something does.
  enum Calm {
    NONE(Duration.ZERO),
    SHORT(Duration.ofMillis(100)),
    LONG(Duration.ofSeconds(10));

    private final Duration duration;

    Calm(Duration duration) {
      this.duration = duration;
    }
  }

  @TempDir Path parent;
  private long now;
  private OpenFiles files;

  @BeforeEach
  void open() throws Exception {
    Files.createDirectory(store());
    Files.writeString(database(), "database");
    Files.writeString(log(), "log");
    files = new OpenFiles(database(), () -> now);
  }

  private Path store() {
    return parent.resolve("store");
  }

  private Path database() {
    return store().resolve("evenkeel.db");
  }

  private Path log() {
    return store().resolve("evenkeel.db-wal");
  }

  private Path elsewhere() {
    return parent.resolve("elsewhere");
  }

  private void look(Calm calm) throws LostStoreException {
    files.requireInPlace();
    long end = now + calm.duration.toNanos();
    while (now < end) {
      now += Duration.ofMillis(10).toNanos();
      files.requireInPlace();
    }
  }

  private void assertMissed(String message) {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> files.requireInPlace())
          .isInstanceOf(LostStoreException.class)
          .hasMessageContaining(message);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLogThatIsRemovedIsMissed(Calm calm) throws Exception {
    look(calm);
    Files.delete(log());
    assertMissed("evenkeel.db-wal is gone");
  }

  @ParameterizedTest
  @EnumSource
  void aDatabaseThatIsMovedIsMissed(Calm calm) throws Exception {
    look(calm);
    Files.move(database(), elsewhere());
    assertMissed("evenkeel.db is gone");
    Files.move(elsewhere(), database());
    look(calm);
  }

  @ParameterizedTest
  @EnumSource
  void anotherFileInThePlaceIsNoticed(Calm calm) throws Exception {
    look(calm);
    Path copy = Files.copy(database(), elsewhere());
    Files.move(copy, database(), StandardCopyOption.REPLACE_EXISTING);
    assertMissed("evenkeel.db is another file");
  }

  /// As a program does that copies a backup into the place and keeps the times of its files.
  @ParameterizedTest
  @EnumSource
  void anotherFileIsNoticedAlsoIfTheTimeOfTheDirectoryIsSetBack(Calm calm) throws Exception {
    var modified = Files.getLastModifiedTime(store());
    look(calm);
    Path copy = Files.copy(database(), elsewhere());
    Files.move(copy, database(), StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(store(), modified);
    assertMissed("evenkeel.db is another file");
  }

  @ParameterizedTest
  @EnumSource
  void aDirectoryThatIsMovedIsMissedAndFoundAgain(Calm calm) throws Exception {
    look(calm);
    Files.move(store(), elsewhere());
    assertMissed("evenkeel.db is gone");
    Files.createDirectory(store());
    assertMissed("evenkeel.db is gone");
    Files.delete(store());
    Files.move(elsewhere(), store());
    look(calm);
  }

  @Test
  void filesBesideThoseOfTheStoreDoNotMatter() throws Exception {
    look(Calm.LONG);
    Files.writeString(store().resolve("evenkeel.backup"), "a copy");
    look(Calm.SHORT);
    Files.delete(store().resolve("evenkeel.backup"));
    assertThatCode(() -> look(Calm.LONG)).doesNotThrowAnyException();
  }

  @Test
  void aStoreWithoutALogIsNotOpen() throws IOException {
    Files.delete(log());
    assertThatThrownBy(() -> new OpenFiles(database(), () -> now))
        .isInstanceOf(LostStoreException.class);
  }
}
