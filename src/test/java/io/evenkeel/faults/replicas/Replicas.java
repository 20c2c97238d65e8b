package io.evenkeel.faults.replicas;

import io.evenkeel.PackagedService;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Processes of the packaged jar on one database, each with ways of its own to primary and standby.
final class Replicas implements AutoCloseable {
  /// In the URL both servers stand: the driver finds out which one is the primary.
  private static final String URL =
      "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s?targetServerType=primary"
          + "&hostRecheckSeconds=1&connectTimeout=2&loginTimeout=5";

  private final Path directory;
  private final List<Replica> replicas = new ArrayList<>();

  private Replicas(Path directory) {
    this.directory = directory;
  }

  /// Starts them one after the other.
  ///
  /// @param directory of their logs
  static Replicas start(int number, PostgresCluster cluster, Path directory) throws Exception {
    Replicas replicas = new Replicas(directory);
    try {
      for (int i = 0; i < number; i++) {
        var toPrimary = new Way(cluster.primary().port());
        var toStandby = new Way(cluster.standby().port());
        String url = URL.formatted(toPrimary.port(), toStandby.port(), PostgresCluster.DATABASE);
        Map<String, String> environment =
            Map.of("EVENKEEL_STORE_URL", url, "EVENKEEL_STORE_USERNAME", PostgresServer.USER);
        replicas.add(replicas.new Replica(i, toPrimary, toStandby, environment));
      }
      return replicas;
    } catch (Exception | Error e) {
      replicas.close();
      throw e;
    }
  }

  /// A single process on a SQLite store, to see that the tests themselves are right.
  static Replicas single(Path directory) throws Exception {
    Replicas replicas = new Replicas(directory);
    var nowhere = new Way(0);
    replicas.add(replicas.new Replica(0, nowhere, nowhere, Map.of()));
    return replicas;
  }

  private void add(Replica replica) throws Exception {
    replicas.add(replica);
    replica.start();
  }

  List<Replica> all() {
    return List.copyOf(replicas);
  }

  Replica get(int index) {
    return replicas.get(index);
  }

  @Override
  public void close() throws IOException {
    for (Replica replica : replicas) {
      replica.close();
    }
  }

  /// One process, which may be started again and again.
  final class Replica {
    private final int index;
    private final Way toPrimary;
    private final Way toStandby;
    private final Map<String, String> environment;
    private volatile @Nullable PackagedService service;

    /// Whether nothing has been done to it that a router would notice.
    private volatile boolean healthy;

    private Replica(int index, Way toPrimary, Way toStandby, Map<String, String> environment) {
      this.index = index;
      this.toPrimary = toPrimary;
      this.toStandby = toStandby;
      this.environment = environment;
    }

    int index() {
      return index;
    }

    PackagedService service() {
      return Objects.requireNonNull(service);
    }

    boolean isHealthy() {
      return healthy;
    }

    Way toPrimary() {
      return toPrimary;
    }

    Way toStandby() {
      return toStandby;
    }

    /// Starts it and waits until it is ready.
    void start() throws IOException, InterruptedException {
      File log = directory.resolve("replica-" + index + ".log").toFile();
      service = PackagedService.start(directory.resolve("store-" + index), log, environment);
      healthy = true;
    }

    void kill() throws InterruptedException {
      healthy = false;
      service().kill();
    }

    /// SIGTERM, and waits until it has ended.
    void terminate() throws IOException, InterruptedException {
      healthy = false;
      service().terminate();
    }

    /// SIGSTOP.
    void pause() throws IOException, InterruptedException {
      healthy = false;
      signal("STOP");
    }

    /// SIGCONT.
    void resume() throws IOException, InterruptedException {
      signal("CONT");
      healthy = true;
    }

    private void signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-" + name, Long.toString(service().pid())).start().waitFor();
    }

    private void close() throws IOException {
      if (service != null) {
        service().close();
      }
      toPrimary.close();
      toStandby.close();
    }

    @Override
    public String toString() {
      return "replica " + index;
    }
  }
}
