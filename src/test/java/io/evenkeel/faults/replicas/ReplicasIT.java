package io.evenkeel.faults.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.FileSystemUtils;

/// Three replicas of the packaged jar on one PostgreSQL, eight clients on one normalizer. Whatever
/// fails, each batch counts once, all replicas agree to the last bit, inference goes on, and a
/// healthy replica stays ready.
class ReplicasIT {
  /// How often each scene is played by itself; the profile `evidence` raises it.
  private static final int ROUNDS = Integer.getInteger("faults.replicas.rounds", 0);

  private static final int CLIENTS = 8;
  private static final String ROW =
      "{\"rows\":[[" + String.join(",", Collections.nCopies(CLIENTS, "1")) + "]]}";
  private static final int DISK_MEGABYTES = 200;

  /// Logs, kept for whoever looks for the reason of a failure.
  private static final Path LOGS = Path.of("target/replicas").toAbsolutePath();

  private final Random random = new Random(20261129);

  @BeforeEach
  void makeRoomForLogs() throws Exception {
    Files.createDirectories(LOGS);
  }

  @Test
  void eachBatchCountsOnceWhateverFails() throws Exception {
    play(List.of(Scene.KILLED, Scene.RESET, Scene.CUT_OFF, Scene.FROZEN, Scene.PRIMARY_KILLED), 0);
  }

  @ParameterizedTest
  @EnumSource(Scene.class)
  void eachBatchCountsOnceHoweverOftenItHappens(Scene scene) throws Exception {
    Assumptions.assumeTrue(ROUNDS > 0, "the long form is in the profile evidence");
    boolean onSmallDisk = scene == Scene.DISK_FULL;
    Assumptions.assumeTrue(
        !onSmallDisk || PostgresPrograms.isRoot(), "a disk of its own needs root");
    if (scene.isFailOver()) {
      for (int round = 0; round < ROUNDS; round++) {
        play(List.of(scene), 0);
      }
    } else {
      play(Collections.nCopies(ROUNDS, scene), onSmallDisk ? DISK_MEGABYTES : 0);
    }
  }

  /// @param megabytes of the primary's disk, or 0 for that of the machine
  private void play(List<Scene> scenes, int megabytes) throws Exception {
    try (PostgresCluster cluster = PostgresCluster.start(megabytes);
        Replicas replicas = Replicas.start(3, cluster, LOGS)) {
      Traffic traffic = new Traffic(replicas, CLIENTS);
      traffic.create();
      try (Traffic.Flow _ = traffic.flow()) {
        traffic.awaitMore(10);
      }
      try (Onlookers onlookers = new Onlookers(replicas, ROW)) {
        for (Scene scene : scenes) {
          try (Traffic.Flow _ = traffic.flow()) {
            scene.play(cluster, replicas, traffic, random);
          }
          traffic.settle();
        }
        assertThat(onlookers.failures()).isEmpty();
        System.out.printf("%s: %s, %d looks%n", scenes, traffic, onlookers.asked());
      }
    }
  }

  /// The tests themselves: one process on a SQLite store passes the same checks.
  @Test
  void oneProcessPassesTheSameChecks() throws Exception {
    Path store = Files.createTempDirectory("evenkeel-replica");
    try (Replicas replicas = Replicas.single(store)) {
      Traffic traffic = new Traffic(replicas, CLIENTS);
      traffic.create();
      try (Traffic.Flow _ = traffic.flow()) {
        traffic.awaitMore(200);
        replicas.get(0).kill();
        replicas.get(0).start();
        traffic.awaitMore(100);
      }
      traffic.settle();
      System.out.printf("one process: %s%n", traffic);
    } finally {
      FileSystemUtils.deleteRecursively(store);
    }
  }
}
