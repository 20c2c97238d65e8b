package io.evenkeel.boards;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real Prometheus on a port of its own.
final class PrometheusServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final URI base;

  private PrometheusServer(Process process, URI base) {
    this.process = process;
    this.base = base;
  }

  /// Starts it and does not wait. Skips the test, and says so, where there is none.
  static PrometheusServer start(Path configuration, Path data, File log) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process process =
        PrometheusProgram.here("prometheus")
            .start(
                new File("/dev/null"),
                log,
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + data,
                "--web.listen-address=127.0.0.1:" + port);
    return new PrometheusServer(process, URI.create("http://127.0.0.1:" + port));
  }

  /// How many series an expression has now; -1 while it does not answer.
  int series(String expression) throws InterruptedException {
    String query = "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8);
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(base.resolve(query)).timeout(Duration.ofSeconds(10)).build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode result = JSON.readTree(answer.body()).at("/data/result");
      return answer.statusCode() == 200 ? result.size() : -1;
    } catch (IOException notListeningYet) {
      return -1;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
