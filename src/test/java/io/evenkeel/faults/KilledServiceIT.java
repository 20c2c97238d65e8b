package io.evenkeel.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.PackagedService;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged jar is killed with SIGKILL at random moments while eight clients train one
/// normalizer; after each restart what they were told is held against what is there.
class KilledServiceIT {
  private static final int KILLS = Integer.getInteger("faults.kills", 20);

  /// How many batches the clients wait to be acknowledged, in all lives together.
  private static final long ACKNOWLEDGED = Long.getLong("faults.acknowledged", 0);

  private static final long SEED = 20261123;

  @TempDir Path directory;

  @Test
  void everyAcknowledgedBatchCountsOnceAndARetriedKeyNeverTwice() throws Exception {
    Random random = new Random(SEED);
    Ledger ledger = new Ledger(8, 8);
    Path store = directory.resolve("store");
    File log = directory.resolve("service.log").toFile();
    for (int kill = 0; kill <= KILLS; kill++) {
      try (PackagedService service = PackagedService.start(store, log)) {
        if (kill == 0) {
          ledger.create(service);
        }
        ledger.settle(service, kill + " kills");
        if (kill < KILLS) {
          try (Ledger.Load load = ledger.load(service)) {
            long share = ACKNOWLEDGED * (kill + 1) / KILLS;
            await()
                .atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ofMillis(100 + random.nextInt(900)))
                .until(() -> ledger.acknowledged() >= share);
            service.kill();
          }
        }
      }
    }
    System.out.printf("%d kills, %s%n", KILLS, ledger);
    assertThat(ledger.acknowledged()).isGreaterThan(Math.max(KILLS, ACKNOWLEDGED - 1));
    assertThat(ledger.unanswered()).isPositive();
  }
}
