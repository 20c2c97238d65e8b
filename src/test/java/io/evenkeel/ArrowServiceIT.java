package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.codec.arrow.ArrowStreams;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Arrow and ONNX in the packaged jar, without any flag of the JVM.
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
    assertThat(
            service
                .send(
                    "PUT",
                    "/api/v1/normalizers/n",
                    "{\"featureCount\": 2, \"untrained\": \"identity\"}")
                .statusCode())
        .isEqualTo(201);
    return service;
  }

  /// As a stranger starts it.
  @Test
  void arrowIsSpokenByTheJarAndLoadedWhenItIsFirstSpoken() throws Exception {
    try (PackagedService service = started("-jar", PackagedService.jar())) {
      assertThat(rows(service)).isEqualTo("[[1.0,10.0]]");
      assertThat(arrowClasses()).isZero();
      requireArrowAndOnnx(service);
      assertThat(arrowClasses()).isPositive();
      assertThat(Files.readString(log)).doesNotContain("WARN", " ERROR ");
    }
  }

  /// Started by its main class, of which Java reads no manifest; and by a Java that denies what a
  /// later one is going to deny by default.
  @Test
  void nothingNeedsUnsafeMemoryNorAnOpenedPackage() throws Exception {
    try (PackagedService service =
        started(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=deny",
            "-cp",
            PackagedService.jar(),
            "org.springframework.boot.loader.launch.JarLauncher")) {
      requireArrowAndOnnx(service);
      assertThat(Files.readString(log)).doesNotContain("WARN", " ERROR ");
    }
  }

  private static void requireArrowAndOnnx(PackagedService service)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = service.post(NORMALIZE + "?mode=training", ARROW, STREAM);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Normalizer-Outcome")).contains("applied");
    ArrowStreams.Content content = ArrowStreams.read(answer.body());
    assertThat(content.column("f0")).isEqualTo("[-1.0, 1.0]");
    assertThat(content.column("f1")).isEqualTo("[-1.0, 1.0]");
    HttpResponse<String> onnx = service.get("/api/v1/normalizers/n/export?format=onnx");
    assertThat(onnx.statusCode()).isEqualTo(200);
    assertThat(onnx.body()).contains("evenkeel.normalizer");
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
