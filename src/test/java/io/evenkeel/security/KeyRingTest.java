package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    assertThat(ring.find("abc"))
        .hasValueSatisfying(caller -> {
          assertThat(caller.actor()).contains("p.1@x");
          assertThat(caller.role()).isEqualTo(Role.TRAINER);
          assertThat(caller.prefix()).isEqualTo("team-a.");
        });
    assertThat(ring.find("abd")).isEmpty();
    assertThat(ring.find(ABC)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p trainer abc",
        "p trainer sha256:abc",
        "p owner sha256:" + ABC,
        "trainer sha256:" + ABC,
        "p trainer sha256:" + ABC + " team-a",
        "p trainer sha256:" + ABC + " a. b."
      })
  void whatIsNoKeyIsRefusedWithoutBeingRepeated(String line) {
    assertThatThrownBy(() -> new KeyRing(List.of("# a comment", line), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Entry 2 of evenkeel.security.keys is no key: ")
        .hasMessageNotContaining(ABC);
  }

  private Path file(String text, int second) throws IOException {
    Path file = Files.writeString(folder.resolve("keys"), text);
    return Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(second)));
  }

  @Test
  void keysAreRotatedByChangingTheFile() throws IOException {
    Path file = file("# ours\n\nold reader sha256:" + ABC + "\n", 1);
    KeyRing ring = new KeyRing(List.of(), Optional.of(file));
    assertThat(ring.find("abc")).isPresent();
    file("new reader sha256:" + NOTHING + "\n", 2);
    assertThat(ring.refresh()).isTrue();
    assertThat(ring.find("abc")).isEmpty();
    assertThat(ring.find("")).isPresent();
  }

  @Test
  void aFileThatIsBrokenChangesNothingUntilItIsMended() throws IOException {
    Path file = file("old reader sha256:" + ABC, 1);
    KeyRing ring = new KeyRing(List.of(), Optional.of(file));
    file("old reader", 2);
    assertThat(ring.refresh()).isFalse();
    assertThat(ring.find("abc")).isPresent();
    Files.delete(file);
    assertThat(ring.refresh()).isFalse();
    assertThat(ring.find("abc")).isPresent();
    file("new reader sha256:" + NOTHING, 3);
    assertThat(ring.refresh()).isTrue();
    assertThat(ring.find("abc")).isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsRefusedAtTheStart() {
    assertThatThrownBy(() -> new KeyRing(List.of(), Optional.of(folder.resolve("none"))))
        .hasMessageContaining("evenkeel.security.keys-file cannot be read");
  }
}
