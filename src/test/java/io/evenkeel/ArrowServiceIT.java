package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.codec.arrow.ArrowStreams;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Arrow in the packaged jar, with what its manifest says of the JVM and without.
class ArrowServiceIT {
  private static final String ARROW = "application/vnd.apache.arrow.stream";
  private static final String NORMALIZE = "/api/v1/normalizers/n:normalize";
  private static final byte[] STREAM =
      ArrowStreams.of(
          List.of(ArrowStreams.float64("f1"), ArrowStreams.float32("f0")), 9, 10, 1, 20, 3);

  @TempDir Path directory;

  private Path log = Path.of("");
  private Path classes = Path.of("");

  @BeforeEach
  void names() {
    log = directory.resolve("service.log");
    classes = directory.resolve("classes.log");
  }

  private PackagedService started(String... launch) throws IOException, InterruptedException {
    String[] arguments = new String[launch.length + 1];
    arguments[0] = "-Xlog:class+load=info:file=" + classes;
    System.arraycopy(launch, 0, arguments, 1, launch.length);
    PackagedService service =
        PackagedService.start(directory.resolve("store"), log.toFile(), arguments);
    assertThat(service.send("PUT", "/api/v1/normalizers/n", "{\"featureCount\": 2}").statusCode())
        .isEqualTo(201);
    return service;
  }

  /// As a stranger starts it: with `java -jar`, whose manifest opens what Arrow needs.
  @Test
  void arrowIsSpokenByTheJarAndLoadedWhenItIsFirstSpoken() throws Exception {
    try (PackagedService service = started("-jar", System.getProperty("evenkeel.jar"))) {
      assertThat(rows(service)).isEqualTo("[[1.0,10.0]]");
      assertThat(arrowClasses()).isZero();
      HttpResponse<byte[]> answer = service.post(NORMALIZE + "?mode=training", ARROW, STREAM);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Normalizer-Outcome")).contains("applied");
      ArrowStreams.Content content = ArrowStreams.read(answer.body());
      assertThat(content.column("f0")).isEqualTo("[-1.0, 1.0]");
      assertThat(content.column("f1")).isEqualTo("[-1.0, 1.0]");
      assertThat(arrowClasses()).isPositive();
      assertThat(Files.readString(log)).doesNotContain(" WARN ", " ERROR ");
    }
  }

  /// Started by its main class, of which Java reads no manifest.
  @Test
  void withoutTheFlagOneMediaTypeIsRefusedAndTheLogSaysOnceWhatIsMissing() throws Exception {
    try (PackagedService service =
        started(
            "-cp",
            System.getProperty("evenkeel.jar"),
            "org.springframework.boot.loader.launch.JarLauncher")) {
      assertThat(rows(service)).isEqualTo("[[1.0,10.0]]");
      for (String path : List.of(NORMALIZE, "/api/v1/normalizers/n:observe")) {
        HttpResponse<byte[]> refused = service.post(path, ARROW, STREAM);
        assertThat(refused.statusCode()).isEqualTo(415);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8))
            .contains(
                "urn:evenkeel:problem:unsupported-media-type",
                "The service was started without what it needs for " + ARROW,
                "application/json, text/csv, application/octet-stream, application/x-ndjson.")
            .doesNotContain("add-opens");
      }
      byte[] json = "{\"rows\": [[1, 10]]}".getBytes(StandardCharsets.UTF_8);
      assertThat(service.post(NORMALIZE, "application/json", json, "Accept", ARROW).statusCode())
          .isEqualTo(406);
      HttpResponse<byte[]> second =
          service.post(NORMALIZE, "application/json", json, "Accept", ARROW + ", text/csv;q=0.1");
      assertThat(second.statusCode()).isEqualTo(200);
      assertThat(second.headers().firstValue("Content-Type")).contains("text/csv");
      assertThat(rows(service)).isEqualTo("[[1.0,10.0]]");
      assertThat(service.get("/readyz").statusCode()).isEqualTo(200);
      assertThat(arrowClasses()).isZero();
      assertThat(Files.readAllLines(log))
          .filteredOn(line -> line.contains(" WARN ") || line.contains(" ERROR "))
          .singleElement()
          .asString()
          .contains(ARROW, "--add-opens=java.base/java.nio=ALL-UNNAMED");
    }
  }

  private static String rows(PackagedService service) throws IOException, InterruptedException {
    String answer = service.send("POST", NORMALIZE, "{\"rows\": [[1, 10]]}").body();
    return answer.substring(answer.indexOf("[["), answer.lastIndexOf('}'));
  }

  private long arrowClasses() throws IOException {
    try (var lines = Files.lines(classes)) {
      return lines.filter(line -> line.contains(" org.apache.arrow.")).count();
    }
  }
}
