package io.evenkeel.faults.replicas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// One server of PostgreSQL on a directory of data.
final class PostgresServer implements AutoCloseable {
  static final String USER = "evenkeel";

  private final PostgresPrograms programs;
  private final Path data;
  private final int port;

  /// @param data the directory of its data, which exists
  PostgresServer(PostgresPrograms programs, Path data, int port) {
    this.programs = programs;
    this.data = data;
    this.port = port;
  }

  int port() {
    return port;
  }

  Path data() {
    return data;
  }

  /// Starts it and waits until it takes connections. The standby of a small test needs little
  /// memory.
  void start(String... settings) throws IOException, InterruptedException {
    String options =
        "-p %d -k %s -c listen_addresses=127.0.0.1 -c shared_buffers=32MB -c max_connections=60"
                .formatted(port, data.getParent())
            + " "
            + String.join(" ", settings);
    programs.run(
        "pg_ctl",
        "-D",
        data.toString(),
        "-l",
        data.resolveSibling(data.getFileName() + ".log").toString(),
        "-o",
        options,
        "-w",
        "start");
  }

  /// Starts it although nobody has stopped it.
  void startAfterCrash() throws IOException, InterruptedException {
    Files.deleteIfExists(data.resolve("postmaster.pid"));
    start();
  }

  /// SIGKILL for the server and every process of it, as when the machine dies.
  void kill() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", "-9"));
    ProcessHandle server = ProcessHandle.of(pid()).orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
    all.add(0, server);
    all.forEach(process -> command.add(Long.toString(process.pid())));
    // a child may have ended by itself meanwhile, upon which kill complains
    new ProcessBuilder(command).start().waitFor();
    all.forEach(process -> process.onExit().join());
    Files.deleteIfExists(data.resolve("postmaster.pid"));
  }

  /// Stops it, so that its standby gets everything.
  void stop() throws IOException, InterruptedException {
    programs.run("pg_ctl", "-D", data.toString(), "-m", "fast", "-w", "stop");
  }

  /// Makes a primary of a standby.
  void promote() throws IOException, InterruptedException {
    programs.run("pg_ctl", "-D", data.toString(), "-w", "promote");
  }

  boolean isRunning() throws IOException {
    return Files.exists(data.resolve("postmaster.pid"))
        && ProcessHandle.of(pid()).map(ProcessHandle::isAlive).orElse(false);
  }

  private long pid() throws IOException {
    return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
  }

  /// Runs a statement.
  void execute(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// The first value of the first row that a query gives.
  String query(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&socketTimeout=20"
            .formatted(port, database, USER));
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (isRunning()) {
      kill();
    }
  }
}
