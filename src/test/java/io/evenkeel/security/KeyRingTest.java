package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.http.Caller;
import io.evenkeel.http.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
  /// `printf %s abc | sha256sum`, the first example of FIPS 180-2.
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  /// `printf %s "" | sha256sum`.
  private static final String NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir private Path folder;

  @Test
  void aKeyIsFoundByItsHash() {
    KeyRing ring =
        new KeyRing(List.of("p.1@x  trainer\tsha256:" + ABC + " team-a."), Optional.empty());
    assertThat(find(ring, "abc"))
        .hasValueSatisfying(caller -> {
          assertThat(caller.actor()).contains("key:p.1@x");
          assertThat(caller.role()).isEqualTo(Role.TRAINER);
          assertThat(caller.prefix()).isEqualTo("team-a.");
        });
    assertThat(find(ring, "abd")).isEmpty();
    assertThat(find(ring, ABC)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p trainer abc",
        "p trainer sha256:abc",
        "p owner sha256:" + ABC,
        "trainer sha256:" + ABC,
        "p trainer sha256:" + ABC + " team-a",
        "p trainer sha256:" + ABC + " ",
        "p trainer sha256:" + ABC + "\t",
        "p trainer sha256:" + ABC + " .",
        "p trainer sha256:" + ABC + " \"\"",
        "p trainer sha256:" + ABC + " a. b."
      })
  void whatIsNoKeyIsRefusedWithoutBeingRepeated(String line) {
    assertThatThrownBy(() -> new KeyRing(List.of("# a comment", line), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Entry 2 of evenkeel.security.keys is no key: ")
        .hasMessageNotContaining(ABC);
  }

  private static Optional<Caller> find(KeyRing ring, String key) {
    return ring.find(new ShownCredential(key, "192.0.2.1").hash());
  }

  private Path file(String text, int second) throws IOException {
    Path file = Files.writeString(folder.resolve("keys"), text);
    return Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(second)));
  }

  @Test
  void keysAreRotatedByChangingTheFile() throws IOException {
    Path file = file("# ours\n\nold reader sha256:" + ABC + "\n", 1);
    KeyRing ring = new KeyRing(List.of(), Optional.of(file));
    assertThat(find(ring, "abc")).isPresent();
    file("new reader sha256:" + NOTHING + "\n", 2);
    assertThat(ring.refresh()).isTrue();
    assertThat(find(ring, "abc")).isEmpty();
    assertThat(find(ring, "")).isPresent();
  }

  @Test
  void aFileThatIsBrokenChangesNothingUntilItIsMended() throws IOException {
    Path file = file("old reader sha256:" + ABC + "\n", 1);
    KeyRing ring = new KeyRing(List.of(), Optional.of(file));
    file("old reader\n", 2);
    assertThat(ring.refresh()).isFalse();
    assertThat(find(ring, "abc")).isPresent();
    Files.delete(file);
    assertThat(ring.refresh()).isFalse();
    assertThat(find(ring, "abc")).isPresent();
    file("new reader sha256:" + NOTHING + "\n", 3);
    assertThat(ring.refresh()).isTrue();
    assertThat(find(ring, "abc")).isEmpty();
  }

  /// The file is one that somebody is writing: at each place where it may end.
  @Test
  void aLineThatIsHalfWrittenIsNotRead() throws IOException {
    String whole = "a admin sha256:" + NOTHING + "\n";
    String line = "p trainer sha256:" + ABC + " team-a.";
    KeyRing ring = new KeyRing(List.of(), Optional.of(file(whole, 1)));
    for (int length = 0; length <= line.length(); length++) {
      file(whole + line.substring(0, length), 2);
      assertThat(ring.refresh()).isTrue();
      assertThat(find(ring, "abc")).as("after %s characters", length).isEmpty();
      assertThat(find(ring, "")).isPresent();
    }
    file(whole + line + "\n", 3);
    assertThat(ring.refresh()).isTrue();
    assertThat(find(ring, "abc").orElseThrow().prefix()).isEqualTo("team-a.");
  }

  @Test
  void norIsItAtTheStart() throws IOException {
    Path file = file("p trainer sha256:" + ABC, 1);
    assertThat(new KeyRing(List.of(), Optional.of(file)).size()).isZero();
  }

  @Test
  void linesMayEndAsOnWindows() throws IOException {
    Path file = file("p trainer sha256:" + ABC + "\r\n", 1);
    assertThat(find(new KeyRing(List.of(), Optional.of(file)), "abc")).isPresent();
  }

  /// As a restored copy, or a mount whose clock is coarse, would have it.
  @Test
  void aChangeIsSeenThoughSizeAndTimeAreTheSame() throws IOException {
    KeyRing ring = new KeyRing(List.of(), Optional.of(file("p reader sha256:" + ABC + "\n", 1)));
    file("p reader sha256:" + NOTHING + "\n", 1);
    ring.refresh();
    assertThat(find(ring, "abc")).isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsRefusedAtTheStart() {
    assertThatThrownBy(() -> new KeyRing(List.of(), Optional.of(folder.resolve("none"))))
        .hasMessageContaining("evenkeel.security.keys-file cannot be read");
  }
}
