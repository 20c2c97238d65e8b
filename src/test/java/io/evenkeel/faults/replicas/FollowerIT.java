package io.evenkeel.faults.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.PackagedService;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Two replicas of the packaged jar on one PostgreSQL, and a third process of it that follows one
/// of them. It answers as they do, bit by bit, and goes on while its leader is dead.
class FollowerIT {
  private static final String NAME = "/api/v1/normalizers/followed";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String STALENESS = "Evenkeel-Staleness";

  /// Two rows of two features.
  private static final byte[] ROWS =
      ByteBuffer.allocate(4 * Double.BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putDouble(0.1)
          .putDouble(-7)
          .putDouble(1e9)
          .putDouble(1 / 3d)
          .array();

  private final Path directory = Path.of("target/replicas").toAbsolutePath();
  private int batches;

  private File log(String of) throws IOException {
    Files.createDirectories(directory);
    return directory.resolve(of + ".log").toFile();
  }

  private PackagedService launch(String name, Map<String, String> environment) throws Exception {
    return PackagedService.launch(directory.resolve("none"), log(name), environment);
  }

  @Test
  void aFollowerOutlivesItsLeaderAndCatchesUpWhenItIsBack() throws Exception {
    try (ScratchServer database = ScratchServer.start()) {
      Map<String, String> onDatabase = Map.of("EVENKEEL_STORE_URL", database.database());
      try (PackagedService leader = launch("leader", onDatabase);
          PackagedService other = launch("other", onDatabase);
          PackagedService follower =
              launch("follower", Map.of("EVENKEEL_FOLLOW", "http://127.0.0.1:" + leader.port()))) {
        assertThat(leader.becomesReady()).isTrue();
        assertThat(other.becomesReady()).isTrue();
        assertThat(follower.becomesReady()).isTrue();
        done(leader.send("PUT", NAME, "{\"featureCount\": 2}"));
        for (int i = 0; i < 10; i++) {
          train(leader);
          train(other);
        }
        assertThat(statistics(other)).contains("\"version\":21");
        awaitSame(other, follower);
        assertThat(infer(leader).body()).isEqualTo(infer(other).body());

        byte[] before = infer(follower).body();
        leader.kill();
        for (int i = 0; i < 10; i++) {
          train(other);
        }
        await()
            .atMost(PATIENCE)
            .until(() -> {
              HttpResponse<byte[]> answer = infer(follower);
              assertThat(answer.body()).isEqualTo(before);
              return age(answer) >= 3;
            });
        assertThat(infer(other).body()).isNotEqualTo(before);
        assertThat(follower.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(follower.send("POST", NAME + ":observe", "{\"rows\": [[1, 2]]}").statusCode())
            .isEqualTo(403);

        try (PackagedService _ =
            PackagedService.startAt(
                leader.port(), directory.resolve("none"), log("leader"), onDatabase)) {
          assertThat(statistics(other)).contains("\"version\":31");
          awaitSame(other, follower);
          await().atMost(PATIENCE).until(() -> age(infer(follower)) == 0);
        }
      }
    }
  }

  /// Each batch moves mean and variance.
  private void train(PackagedService to) throws Exception {
    batches++;
    done(
        to.send(
            "POST",
            NAME + ":observe",
            "{\"rows\": [[%d.1, -3], [2.5, %d], [1e-3, 7]]}".formatted(batches, 3 * batches)));
  }

  private static void done(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
  }

  private static String statistics(PackagedService of) throws Exception {
    HttpResponse<String> answer = of.get(NAME + "/statistics");
    done(answer);
    return answer.body();
  }

  private static HttpResponse<byte[]> infer(PackagedService by) throws Exception {
    HttpResponse<byte[]> answer = by.post(NAME + ":normalize", "application/octet-stream", ROWS);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer;
  }

  /// In seconds; 0 where the answer does not say.
  private static long age(HttpResponse<byte[]> answer) {
    return answer.headers().firstValueAsLong(STALENESS).orElse(0);
  }

  /// Waits until the follower has the statistics, and compares the bits of what it makes of them.
  private static void awaitSame(PackagedService replica, PackagedService follower)
      throws Exception {
    String wanted = statistics(replica);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> follower.get(NAME + "/statistics").body(), wanted::equals);
    assertThat(infer(follower).body()).isEqualTo(infer(replica).body());
    String export = NAME + "/export?format=pytorch";
    assertThat(follower.get(export).body()).isEqualTo(replica.get(export).body());
  }
}
