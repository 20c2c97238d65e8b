package io.evenkeel.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.PackagedService;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged jar does not start on a store that is not as it was written, and its last words say
/// what is wrong and what to do.
class DamagedStoreIT {
  @TempDir Path directory;

  @Test
  void aDamagedStoreIsRefusedWithWhatToDo() throws Exception {
    Path store = directory.resolve("store");
    try (PackagedService service =
        PackagedService.start(store, directory.resolve("service.log").toFile())) {
      assertThat(service.send("PUT", "/api/v1/normalizers/n", "{\"featureCount\":2}").statusCode())
          .isEqualTo(201);
      assertThat(service.terminate()).isEqualTo(143);
    }
    Path file = store.resolve("evenkeel.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE head SET state = CAST(substr(state, 1, length(state) - 1) || x'aa' AS BLOB)");
    }
    assertRefused("table head", "normalizer n ", "Restore the directory from a backup");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("no database".getBytes()), 0);
    }
    assertRefused("file is not a database", "restore the directory from a backup");
    System.out.println("2 damaged stores were refused with exit code 1 and what to do");
  }

  private void assertRefused(String... words) throws Exception {
    Path log = Files.createTempFile(directory, "refusal", ".log");
    try (PackagedService service =
        PackagedService.launch(directory.resolve("store"), log.toFile(), Map.of())) {
      assertThat(service.exitCode()).isEqualTo(1);
    }
    List<String> lines = Files.readAllLines(log);
    String last = String.join("\n", lines.subList(Math.max(0, lines.size() - 14), lines.size()));
    assertThat(last)
        .contains("APPLICATION FAILED TO START", "Description:", "Action:", "evenkeel.db")
        .contains(words)
        .doesNotContain("\tat ");
  }
}
