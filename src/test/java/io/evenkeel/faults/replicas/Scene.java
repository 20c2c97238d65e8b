package io.evenkeel.faults.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.faults.replicas.Replicas.Replica;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/// What happens while clients train. Each ends with all replicas at work again.
enum Scene {
  /// Each replica gets SIGKILL.
  KILLED {
    @Override
    void play(PostgresCluster cluster, Replicas replicas, Traffic traffic, Random random)
        throws Exception {
      for (Replica replica : replicas.all()) {
        traffic.awaitMore(20 + random.nextInt(200));
        replica.kill();
        traffic.awaitMore(50);
        replica.start();
      }
    }
  },

  /// Each replica is told to end, and started again.
  RESTARTED {
    @Override
    void play(PostgresCluster cluster, Replicas replicas, Traffic traffic, Random random)
        throws Exception {
      for (Replica replica : replicas.all()) {
        traffic.awaitMore(20 + random.nextInt(200));
        replica.terminate();
        traffic.awaitMore(50);
        replica.start();
      }
    }
  },

  /// A replica stands still at a random moment, so that more often than not it holds the lock of
  /// the normalizer's row.
  PAUSED {
    @Override
    void play(PostgresCluster cluster, Replicas replicas, Traffic traffic, Random random)
        throws Exception {
      Replica paused = replicas.get(random.nextInt(3));
      traffic.awaitMore(20 + random.nextInt(200));
      traffic.longestGap();
      paused.pause();
      Duration pause = Duration.ofSeconds(60);
      long end = System.nanoTime() + pause.toNanos();
      await().atMost(pause.plusSeconds(5)).until(() -> System.nanoTime() - end > 0);
      Duration gap = traffic.longestGap();
      paused.resume();
      System.out.printf("others stood still for %d ms%n", gap.toMillis());
      assertThat(gap).isLessThan(STALL);
      traffic.awaitMore(50);
    }
  },

  /// Connections to the database are reset, some of them in the midst of a commit.
  RESET {
    @Override
    void play(PostgresCluster cluster, Replicas replicas, Traffic traffic, Random random)
        throws Exception {
      for (int reset = 0; reset < 10; reset++) {
        traffic.awaitMore(1 + random.nextInt(100));
        replicas.get(reset % 3).toPrimary().resetAll();
      }
      traffic.awaitMore(50);
    }
  },

  /// A replica loses the database: the way is closed, or takes everything and gives nothing.
  CUT_OFF {
    @Override
    void play(PostgresCluster cluster, Replicas replicas, Traffic traffic, Random random)
        throws Exception {
      Replica away = replicas.get(random.nextInt(3));
      traffic.awaitMore(50);
      if (random.nextBoolean()) {
        away.toPrimary().silence();
      } else {
        away.toPrimary().cut();
      }
      traffic.awaitMore(200);
      assertThat(away.service().get("/readyz").statusCode()).isEqualTo(200);
      away.toPrimary().heal();
      traffic.awaitMore(50);
    }
  },

  /// The statistics are frozen through one replica: nothing is applied afterwards, anywhere.
  FROZEN {
    @Override
    void play(PostgresCluster cluster, Replicas replicas, Traffic traffic, Random random)
        throws Exception {
      for (int freeze = 0; freeze < 10; freeze++) {
        traffic.awaitMore(20 + random.nextInt(100));
        long frozenAt = traffic.command(":freeze", replicas.get(random.nextInt(3)));
        long frozen = traffic.frozen();
        await().atMost(Duration.ofSeconds(30)).until(() -> traffic.frozen() > frozen + 50);
        for (Replica replica : replicas.all()) {
          assertThat(traffic.version(replica)).as(replica.toString()).isEqualTo(frozenAt);
        }
        assertThat(traffic.book().latest()).isLessThan(frozenAt);
        traffic.command(":unfreeze", replicas.get(random.nextInt(3)));
      }
    }
  },

  /// The disk of the primary is full until it takes no writes any longer.
  DISK_FULL {
    @Override
    void play(PostgresCluster cluster, Replicas replicas, Traffic traffic, Random random)
        throws Exception {
      Path ballast = cluster.primary().data().resolveSibling("ballast");
      traffic.awaitMore(100);
      fill(ballast);
      // writes go on in the room that the log has reserved
      await().atMost(Duration.ofMinutes(2)).until(() -> traffic.isStalled(Duration.ofSeconds(3)));
      Files.delete(ballast);
      if (!cluster.primary().isRunning()) {
        cluster.primary().startAfterCrash();
      }
      traffic.awaitMore(200);
    }
  },

  /// The primary is killed, and the standby takes over.
  PRIMARY_KILLED {
    @Override
    void play(PostgresCluster cluster, Replicas replicas, Traffic traffic, Random random)
        throws Exception {
      traffic.awaitMore(100 + random.nextInt(500));
      cluster.primary().kill();
      cluster.failOver();
      traffic.awaitMore(200);
    }
  },

  /// The primary is cut off from its standby, which takes over, and one replica stays with it. What
  /// this one is sent is not acknowledged, and it does not tell what it knows, until the primary is
  /// gone and it has found the new one.
  PRIMARY_ISOLATED {
    @Override
    void play(PostgresCluster cluster, Replicas replicas, Traffic traffic, Random random)
        throws Exception {
      Replica left = replicas.get(0);
      traffic.awaitMore(100);
      cluster.toStandby().cut();
      left.toStandby().cut();
      replicas.get(1).toPrimary().cut();
      replicas.get(2).toPrimary().cut();
      cluster.failOver();
      traffic.awaitMore(300);
      HttpResponse<String> read =
          left.service().get("/api/v1/normalizers/" + Traffic.NAME + "/statistics");
      assertThat(read.statusCode()).as(read.body()).isEqualTo(503);
      assertThat(left.service().get("/readyz").statusCode()).isEqualTo(200);
      cluster.primary().kill();
      left.toStandby().heal();
      traffic.awaitMore(100);
    }
  };

  /// The database ends a transaction that stands still for 4 seconds, and then the others go on.
  private static final Duration STALL = Duration.ofSeconds(5);

  /// @param traffic flows meanwhile
  abstract void play(PostgresCluster cluster, Replicas replicas, Traffic traffic, Random random)
      throws Exception;

  /// Whether the cluster is another one afterwards.
  boolean isFailOver() {
    return this == PRIMARY_KILLED || this == PRIMARY_ISOLATED;
  }

  private static void fill(Path file) throws IOException {
    byte[] zeros = new byte[1 << 16];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(zeros);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }
}
