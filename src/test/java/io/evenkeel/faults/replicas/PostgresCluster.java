package io.evenkeel.faults.replicas;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/// A primary and a standby that has written each commit before it is acknowledged.
///
/// The standby gets the log through a [Way], so that the two can be cut off from each other.
final class PostgresCluster implements AutoCloseable {
  static final String DATABASE = "evenkeel";

  private final Path root;
  private final PostgresServer primary;
  private final PostgresServer standby;
  private final Way toStandby;
  private final boolean onSmallDisk;

  private PostgresCluster(
      Path root,
      PostgresServer primary,
      PostgresServer standby,
      Way toStandby,
      boolean onSmallDisk) {
    this.root = root;
    this.primary = primary;
    this.standby = standby;
    this.toStandby = toStandby;
    this.onSmallDisk = onSmallDisk;
  }

  /// Starts both.
  static PostgresCluster start() throws Exception {
    return start(0);
  }

  /// Starts both, the data of the primary on a disk of its own.
  ///
  /// @param megabytes the size of that disk, or 0 for the directory of temporary files
  static PostgresCluster start(int megabytes) throws Exception {
    PostgresPrograms programs = PostgresPrograms.here();
    // not below the directory of a test, which another user may not enter
    Path root = Files.createTempDirectory("evenkeel-postgres");
    Path ofPrimary = Files.createDirectory(root.resolve("primary"));
    Path ofStandby = Files.createDirectory(root.resolve("standby"));
    if (megabytes > 0) {
      PostgresPrograms.run(
          List.of(
              "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", "" + ofPrimary));
    }
    if (PostgresPrograms.isRoot()) {
      PostgresPrograms.run(List.of("chown", "-R", "postgres", root.toString()));
    }
    var primary = new PostgresServer(programs, ofPrimary.resolve("data"), freePort());
    var standby = new PostgresServer(programs, ofStandby.resolve("data"), freePort());
    Way toStandby = new Way(primary.port());
    var cluster = new PostgresCluster(root, primary, standby, toStandby, megabytes > 0);
    try {
      cluster.make(programs);
      return cluster;
    } catch (Exception | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void make(PostgresPrograms programs) throws Exception {
    String user = PostgresServer.USER;
    programs.run("initdb", "-D", primary.data().toString(), "-A", "trust", "-U", user);
    primary.start();
    primary.execute("postgres", "CREATE DATABASE " + DATABASE);
    String way =
        "host=127.0.0.1 port=%d user=%s application_name=standby".formatted(toStandby.port(), user);
    programs.run(
        "pg_basebackup",
        "-D",
        standby.data().toString(),
        "-R",
        "-X",
        "stream",
        "-c",
        "fast",
        "-d",
        way);
    standby.start();
    primary.execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    primary.execute("postgres", "SELECT pg_reload_conf()");
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::isSynchronous);
  }

  /// Whether the primary waits for the standby, which follows it.
  boolean isSynchronous() throws SQLException {
    return primary.query("postgres", "SELECT sync_state FROM pg_stat_replication").equals("sync");
  }

  PostgresServer primary() {
    return primary;
  }

  PostgresServer standby() {
    return standby;
  }

  /// Between primary and standby.
  Way toStandby() {
    return toStandby;
  }

  /// Makes the standby the primary. It acknowledges by itself then.
  void failOver() throws Exception {
    standby.promote();
    standby.execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = ''");
    standby.execute("postgres", "SELECT pg_reload_conf()");
  }

  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    primary.close();
    standby.close();
    toStandby.close();
    if (onSmallDisk) {
      PostgresPrograms.run(List.of("umount", primary.data().getParent().toString()));
    }
    FileSystemUtils.deleteRecursively(root);
  }
}
