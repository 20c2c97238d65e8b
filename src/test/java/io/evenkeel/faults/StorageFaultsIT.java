package io.evenkeel.faults;

import static io.evenkeel.faults.Fault.EIO;
import static io.evenkeel.faults.Fault.ENOSPC;
import static io.evenkeel.faults.Fault.SHORT;
import static io.evenkeel.faults.Fault.SYNC;
import static io.evenkeel.faults.Fault.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.PackagedService;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One call of the packaged jar to its storage fails, the first, the second and so on, while four
/// clients train; the service goes on without a restart, and what the clients were told is held
/// against what is there, then and after a last SIGKILL.
class StorageFaultsIT {
  /// How many places between the first call and the 500th fail in turn.
  private static final int PLACES = Integer.getInteger("faults.places", 12);

  private static final int LAST_PLACE = 500;

  @TempDir Path directory;

  private enum Kind {
    WRITE_FAILS("a write fails with EIO", Fault.of(EIO, WRITE)),
    WRITE_IS_TORN("half of a write is done, and then the disk is full", torn()),
    SYNC_FAILS("an fsync fails with EIO", Fault.of(EIO, SYNC)),
    WRITE_IS_SHORT("a write is cut short", Fault.of(SHORT, WRITE).keeping(100));

    private final String words;
    private final Fault fault;

    Kind(String words, Fault fault) {
      this.words = words;
      this.fault = fault;
    }

    private static Fault torn() {
      return Fault.of(ENOSPC, WRITE).keeping(128);
    }

    /// SQLite writes the rest, and nobody notices.
    boolean isHarmless() {
      return this == WRITE_IS_SHORT;
    }
  }

  @Test
  void whateverCallFailsNothingAcknowledgedIsLostAndNothingCountsTwice() throws Exception {
    FaultyDisk disk = FaultyDisk.in(directory);
    Path store = disk.root().resolve("store");
    File log = directory.resolve("service.log").toFile();
    Ledger ledger = new Ledger(4, 8);
    long failed = 0;
    long noticed = 0;
    try (PackagedService service = PackagedService.start(store, log, disk.environment())) {
      ledger.create(service);
      for (Kind kind : Kind.values()) {
        for (int i = 0; i < PLACES; i++) {
          int place = 1 + i * (LAST_PLACE - 1) / Math.max(1, PLACES - 1);
          long before = ledger.unanswered();
          // at every other place one of the calls by which the service recovers fails, too
          disk.fail(kind.fault.at(place).then(i % 2 == 0 ? 0 : 1 + i % 23));
          trainUntilItHasFailed(service, disk, ledger);
          disk.heal();
          failed += disk.failed();
          assertThat(service.becomesReady()).isTrue();
          ledger.settle(service, kind.words + " at call " + place);
          noticed += ledger.unanswered() > before ? 1 : 0;
          assertThat(ledger.unanswered() > before)
              .as("somebody is refused where %s at call %d", kind.words, place)
              .isEqualTo(!kind.isHarmless());
        }
      }
      service.kill();
    }
    try (PackagedService service = PackagedService.start(store, log)) {
      ledger.settle(service, "the last restart");
    }
    System.out.printf(
        "%d calls failed at %d places of %d kinds, %d of which were noticed: %s%n",
        failed, PLACES, Kind.values().length, noticed, ledger);
  }

  private static void trainUntilItHasFailed(PackagedService service, FaultyDisk disk, Ledger ledger)
      throws Exception {
    try (Ledger.Load load = ledger.load(service)) {
      await()
          .atMost(Duration.ofMinutes(10))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> disk.failed() > 0 || load.isOver());
    }
    assertThat(disk.failed()).isPositive();
  }
}
