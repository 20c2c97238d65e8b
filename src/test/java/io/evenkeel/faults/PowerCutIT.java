package io.evenkeel.faults;

import static io.evenkeel.faults.Fault.EIO;
import static io.evenkeel.faults.Fault.KILLED;
import static io.evenkeel.faults.Fault.SYNC;
import static io.evenkeel.faults.Fault.TRUNCATE;
import static io.evenkeel.faults.Fault.UNLINK;
import static io.evenkeel.faults.Fault.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.PackagedService;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power is cut while four clients train: the packaged jar is killed in the midst of a call to
/// its storage, and of what it had written since the last fsync some is lost and some is torn.
/// After each restart what the clients were told is held against what is there.
///
/// The first cut loses all that it can, every fourth comes while the store is being opened, and
/// every eighth about when the log has become so long that it is copied into the file. In every
/// fifth life an fsync fails first, after which the kernel may have thrown away what was to be
/// synced.
class PowerCutIT {
  private static final int CUTS = Integer.getInteger("faults.cuts", 5);
  private static final int CHANGES = WRITE | SYNC | TRUNCATE | UNLINK;
  private static final long SEED = Long.getLong("faults.seed", 20261124);

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private long failedSyncs;

  @Test
  void everyAcknowledgedBatchIsThereOnceAfterTheCut() throws Exception {
    FaultyDisk disk = FaultyDisk.in(directory);
    PowerlessDisk powerless = new PowerlessDisk(disk.root());
    Path store = disk.root().resolve("store");
    File log = directory.resolve("service.log").toFile();
    // wide, so that the log is copied into the file every few hundred commits
    Ledger ledger = new Ledger(4, 512);
    int opening = 0;
    for (int cut = 0; cut <= CUTS; cut++) {
      if (cut % 4 == 3 && cut < CUTS) {
        disk.fail(killedAt(1 + random.nextInt(12)));
      } else {
        disk.heal();
      }
      try (PackagedService service =
          PackagedService.launch(store, log, disk.environmentWithJournal())) {
        if (service.becomesReady()) {
          disk.heal();
          if (cut == 0) {
            ledger.create(service);
          }
          ledger.settle(service, cut + " power cuts of seed " + SEED);
          if (cut < CUTS) {
            trainUntilCut(service, disk, ledger, cut);
          }
        } else {
          assertThat(disk.failed()).as("the service ended because of the cut").isEqualTo(1);
          opening++;
        }
        service.kill();
      }
      powerless.cut(disk.journal(), random, cut == 0);
    }
    System.out.printf(
        "%d power cuts, %d of them while the store was opened, %d after an fsync that failed: %s%n",
        CUTS, opening, failedSyncs, ledger);
    assertThat(ledger.unanswered()).isPositive();
  }

  private Fault killedAt(long call) {
    return Fault.of(KILLED, CHANGES).at(call).keeping(random.nextInt(257));
  }

  private void trainUntilCut(PackagedService service, FaultyDisk disk, Ledger ledger, int cut)
      throws Exception {
    if (cut % 5 == 4) {
      disk.fail(Fault.of(EIO, SYNC).at(1 + random.nextInt(50)));
      try (Ledger.Load load = ledger.load(service)) {
        until(() -> disk.failed() > 0 || load.isOver());
      }
      failedSyncs += disk.failed();
      if (random.nextBoolean()) {
        assertThat(service.becomesReady()).isTrue();
        ledger.settle(service, cut + " power cuts and an fsync that failed");
      }
    }
    // about as many cuts after few calls as after many
    long few = (long) Math.pow(2, 14 * random.nextDouble());
    disk.fail(killedAt(cut % 8 == 5 ? 32_800 + random.nextInt(2_000) : few));
    try (Ledger.Load load = ledger.load(service)) {
      until(() -> disk.failed() > 0 || load.isOver());
      service.kill();
    }
  }

  private static void until(java.util.concurrent.Callable<Boolean> condition) {
    await()
        .atMost(Duration.ofMinutes(10))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(condition);
  }
}
