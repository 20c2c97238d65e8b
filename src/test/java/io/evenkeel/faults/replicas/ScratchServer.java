package io.evenkeel.faults.replicas;

import io.evenkeel.engine.postgres.PostgresProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.util.FileSystemUtils;

/// A PostgreSQL server by itself, for tests of what is done with one database.
public final class ScratchServer implements AutoCloseable {
  private final Path root;
  private final PostgresServer server;

  private ScratchServer(Path root, PostgresServer server) {
    this.root = root;
    this.server = server;
  }

  /// Starts it. Skips the test, and says so, where there is no PostgreSQL.
  ///
  /// @param settings as on its command line
  public static ScratchServer start(String... settings) throws Exception {
    PostgresPrograms programs = PostgresPrograms.here();
    Path root = Files.createTempDirectory("evenkeel-postgres");
    if (PostgresPrograms.isRoot()) {
      PostgresPrograms.run(List.of("chown", "postgres", root.toString()));
    }
    Path data = root.resolve("data");
    ScratchServer scratch =
        new ScratchServer(root, new PostgresServer(programs, data, PostgresCluster.freePort()));
    try {
      String user = PostgresServer.USER;
      programs.run("initdb", "-D", data.toString(), "-A", "trust", "-U", user);
      scratch.server.start(settings);
      return scratch;
    } catch (Exception | Error e) {
      scratch.close();
      throw e;
    }
  }

  /// The URL of an empty database.
  public String database() throws Exception {
    String name = "d" + UUID.randomUUID().toString().replace("-", "");
    server.execute("postgres", "CREATE DATABASE " + name);
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s"
        .formatted(server.port(), name, PostgresServer.USER);
  }

  /// How a log is opened there, all else as it is by default.
  public static PostgresProperties propertiesOf(String url) {
    return new PostgresProperties(
        Optional.of(url),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        PostgresProperties.Inference.MEMORY,
        Optional.empty());
  }

  @Override
  public void close() throws IOException, InterruptedException {
    server.close();
    FileSystemUtils.deleteRecursively(root);
  }
}
