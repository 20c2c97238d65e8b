package io.evenkeel.boards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A program of Prometheus that this machine has: `promtool` or `prometheus`.
record PrometheusProgram(Path file) {
  private static final int PATIENCE_SECONDS = 60;

  /// What a run printed, and how it ended.
  record Run(int exit, String printed) {
    void isClean() {
      assertThat(exit).as(printed).isZero();
    }
  }

  /// Finds it. Skips the test, and says so, where it is not.
  static PrometheusProgram here(String name) {
    Optional<Path> found =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      String reason =
          "SKIPPED: the rules and boards for Prometheus are not checked, since there is no "
              + name
              + " here (apt-get install prometheus).";
      System.err.println(reason);
      Assumptions.abort(reason);
    }
    return new PrometheusProgram(found.orElseThrow());
  }

  /// Runs it to its end.
  Run run(String... arguments) throws IOException, InterruptedException {
    return runOn("", arguments);
  }

  /// The same with a text at its standard input.
  Run runOn(String input, String... arguments) throws IOException, InterruptedException {
    Path given = Files.createTempFile("evenkeel", ".in");
    Path printed = Files.createTempFile("evenkeel", ".out");
    try {
      Files.writeString(given, input);
      Process process = start(given.toFile(), printed.toFile(), arguments);
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("ends in time").isTrue();
      return new Run(process.exitValue(), Files.readString(printed, StandardCharsets.UTF_8));
    } finally {
      Files.delete(given);
      Files.delete(printed);
    }
  }

  /// Starts it, and lets it run.
  Process start(File input, File output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(file.toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(input)
        .redirectOutput(output)
        .start();
  }
}
