package io.evenkeel.faults.replicas;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// The programs of PostgreSQL on this machine: the newest under `/usr/lib/postgresql`, else those
/// on the `PATH`. They refuse to run as root, so root runs them as the user `postgres`.
///
/// @param folder where `initdb`, `postgres` and the others are
/// @param version the major one
record PostgresPrograms(Path folder, int version) {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final long PATIENCE_SECONDS = 120;

  /// Those of this machine. Skips the test, and says so, where there are none.
  static PostgresPrograms here() throws IOException, InterruptedException {
    Optional<Path> found = find();
    if (found.isEmpty()) {
      String reason =
          "SKIPPED: replicas were not tested, this machine has no PostgreSQL"
              + " (no initdb under /usr/lib/postgresql or on the PATH)";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    if (isRoot() && !Files.isExecutable(Path.of("/usr/sbin/runuser"))) {
      String reason = "SKIPPED: replicas were not tested, root has no runuser to run PostgreSQL";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    Path folder = found.orElseThrow();
    Process asked = new ProcessBuilder(folder.resolve("postgres").toString(), "--version").start();
    String version = new String(asked.getInputStream().readAllBytes());
    return new PostgresPrograms(
        folder, Integer.parseInt(version.replaceFirst("(?s)^\\D*(\\d+).*", "$1")));
  }

  private static Optional<Path> find() throws IOException {
    List<Path> folders = new ArrayList<>();
    if (Files.isDirectory(DEBIAN)) {
      try (Stream<Path> versions = Files.list(DEBIAN)) {
        versions
            .sorted(Comparator.comparing((Path path) -> path.getFileName().toString()).reversed())
            .forEach(version -> folders.add(version.resolve("bin")));
      }
    }
    Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(Path::of)
        .forEach(folders::add);
    return folders.stream()
        .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
        .findFirst();
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /// A program with its arguments, as the user that may run it.
  List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("/usr/sbin/runuser", "-u", "postgres", "--"));
    }
    command.add(folder.resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /// Runs a program to its end.
  ///
  /// @throws IOException if it fails; the message holds what it printed
  void run(String program, String... arguments) throws IOException, InterruptedException {
    run(command(program, arguments));
  }

  static void run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("evenkeel", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command + " does not end: " + Files.readString(output));
      }
      if (process.exitValue() != 0) {
        throw new IOException(command + " failed: " + Files.readString(output));
      }
    } finally {
      Files.delete(output);
    }
  }
}
