package io.evenkeel.engine.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.engine.store.UnusableStoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A directory belongs to one process.
class OwnershipTest {
  @TempDir Path directory;

  @Test
  void aSecondLogInTheSameProcessIsRefused() {
    try (SqliteNormalizerLog _ = Logs.open(directory)) {
      assertRefused();
    }
    Logs.open(directory).close();
  }

  @Test
  void aSecondProcessIsRefused() throws Exception {
    Process owner =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = owner.inputReader()) {
      while (!"open".equals(output.readLine())) {
        assertThat(owner.isAlive()).isTrue();
      }
      assertRefused();
    } finally {
      owner.destroyForcibly().waitFor();
    }
    Logs.open(directory).close();
  }

  /// Another process that owns the directory until it is killed.
  static final class Owner {
    private Owner() {}

    public static void main(String[] arguments) throws IOException {
      try (SqliteNormalizerLog _ = Logs.open(Path.of(arguments[0]))) {
        System.out.println("open");
        int _ = System.in.read();
      }
    }
  }

  private void assertRefused() {
    assertThatThrownBy(() -> Logs.open(directory))
        .isInstanceOf(UnusableStoreException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("belongs to another running Evenkeel");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsToldByName() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> Logs.open(file.resolve("data")))
        .isInstanceOf(UnusableStoreException.class)
        .hasMessageContaining(file.toString());
  }
}
