package io.evenkeel.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// HAProxy itself judges its file.
class HaproxyTest {
  private static final Path CONFIGURATION = Path.of("docker/haproxy.cfg");

  @TempDir Path directory;

  private record Verdict(int code, String output) {}

  private static Verdict check(Path configuration) throws IOException, InterruptedException {
    Optional<Path> program =
        Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    if (program.isEmpty()) {
      String reason = "SKIPPED: docker/haproxy.cfg was not checked, this machine has no haproxy";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    Process process =
        new ProcessBuilder(program.orElseThrow().toString(), "-c", "-f", configuration.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    return new Verdict(process.waitFor(), output);
  }

  /// Where there is no Docker, no replica has an address: it is told so, and nothing else.
  @Test
  void theFileIsValid() throws Exception {
    Verdict verdict = check(CONFIGURATION);
    assertThat(verdict.code()).as(verdict.output()).isZero();
    assertThat(verdict.output().lines().filter(line -> line.contains("[WARNING]")))
        .allMatch(line -> line.contains("could not resolve address"));
  }

  @Test
  void aMisspelledWordIsRefused() throws Exception {
    Path wrong = directory.resolve("haproxy.cfg");
    String text = Files.readString(CONFIGURATION);
    assertThat(text).contains("leastconn");
    Files.writeString(wrong, text.replace("leastconn", "leastcon"));
    assertThat(check(wrong).code()).isNotZero();
  }
}
