package io.evenkeel.writers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.PackagedService;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What pandas, pyarrow, polars, NumPy and Python itself write defines a normalizer and trains it,
/// and they can read the answers. The script has the cases; a library that is not installed is
/// passed over with a line that says so.
///
/// `EVENKEEL_PYTHON` names the Python that has the libraries; by default it is `python3`.
class RealWritersIT {
  @TempDir Path directory;

  @Test
  void whatRealLibrariesWriteIsReadAndWhatIsAnsweredTheyRead() throws Exception {
    String python = Optional.ofNullable(System.getenv("EVENKEEL_PYTHON")).orElse("python3");
    assumeTrue(runs(python), () -> "SKIPPED: no " + python + "; no real writer is tried.");
    File log = new File("target/writers-service.log");
    try (PackagedService service = PackagedService.start(directory.resolve("store"), log)) {
      Process script =
          new ProcessBuilder(
                  python,
                  "src/test/resources/writers/writers.py",
                  "http://localhost:" + service.port())
              .inheritIO()
              .start();
      assertThat(script.waitFor(10, TimeUnit.MINUTES)).isTrue();
      assertThat(script.exitValue()).as("failures of %s; see the output", python).isZero();
    }
  }

  private static boolean runs(String python) throws InterruptedException {
    try {
      return new ProcessBuilder(python, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      System.out.println("SKIPPED: there is no " + python + "; no real writer is tried.");
      return false;
    }
  }
}
