package io.evenkeel;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// The packaged jar as a process of its own, started as a stranger would, on a store that outlives
/// it.
public final class PackagedService implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(120);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final URI base;

  private PackagedService(Process process, URI base) {
    this.process = process;
    this.base = base;
  }

  /// Starts it on a free port and waits until it is ready.
  public static PackagedService start(Path store, File log)
      throws IOException, InterruptedException {
    return start(store, log, Map.of());
  }

  /// Starts it with further variables of the environment.
  public static PackagedService start(Path store, File log, Map<String, String> environment)
      throws IOException, InterruptedException {
    PackagedService service = launch(store, log, environment);
    service.awaitReady(log);
    return service;
  }

  /// Starts it by other arguments of `java`.
  static PackagedService start(Path store, File log, String... launch)
      throws IOException, InterruptedException {
    PackagedService service = launch(store, log, Map.of(), launch);
    service.awaitReady(log);
    return service;
  }

  /// Starts it and does not wait.
  public static PackagedService launch(Path store, File log, Map<String, String> environment)
      throws IOException {
    // only the quick compiler: each life is too short for the other
    return launch(
        store,
        log,
        environment,
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx256m",
        "-jar",
        jar());
  }

  /// The packaged jar.
  static String jar() {
    return System.getProperty("evenkeel.jar");
  }

  private static PackagedService launch(
      Path store, File log, Map<String, String> environment, String... launch) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of(launch));
    command.add("--server.port=" + port);
    command.add("--evenkeel.store.directory=" + store);
    command.add("--springdoc.api-docs.enabled=false");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().putAll(environment);
    return new PackagedService(builder.start(), URI.create("http://127.0.0.1:" + port));
  }

  private void awaitReady(File log) throws InterruptedException {
    if (!becomesReady()) {
      process.destroyForcibly();
      throw new IllegalStateException("the service did not become ready; see " + log);
    }
  }

  /// Waits until it is ready, or gone.
  ///
  /// @return whether it is ready
  public boolean becomesReady() throws InterruptedException {
    Instant deadline = Instant.now().plus(START);
    while (Instant.now().isBefore(deadline) && process.isAlive()) {
      try {
        if (get("/readyz").statusCode() == 200) {
          return true;
        }
      } catch (IOException notListeningYet) {
        // as below
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return false;
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  public HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<byte[]> post(String path, String mediaType, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", mediaType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /// Its port.
  int port() {
    return base.getPort();
  }

  /// SIGKILL, and the end of the process.
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// SIGTERM, and how the process ended.
  int terminate() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  /// How it ended by itself.
  public int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /// The number of the process.
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
