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
import java.util.concurrent.locks.LockSupport;

/// The packaged jar as a process of its own, started as a stranger would, on a store that outlives
/// it.
final class PackagedService implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(120);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final URI base;

  private PackagedService(Process process, URI base) {
    this.process = process;
    this.base = base;
  }

  /// Starts it on a free port and waits until it is ready.
  static PackagedService start(Path store, File log) throws IOException, InterruptedException {
    // only the quick compiler: each life is too short for the other
    return start(
        store, log, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-jar", jar());
  }

  /// The packaged jar.
  static String jar() {
    return System.getProperty("evenkeel.jar");
  }

  /// Starts it by other arguments of `java`.
  static PackagedService start(Path store, File log, String... launch)
      throws IOException, InterruptedException {
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
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    PackagedService service = new PackagedService(process, URI.create("http://127.0.0.1:" + port));
    service.awaitReady(log);
    return service;
  }

  private void awaitReady(File log) throws InterruptedException {
    Instant deadline = Instant.now().plus(START);
    while (Instant.now().isBefore(deadline) && process.isAlive()) {
      try {
        if (get("/readyz").statusCode() == 200) {
          return;
        }
      } catch (IOException notListeningYet) {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
    process.destroyForcibly();
    throw new IllegalStateException("the service did not become ready; see " + log);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
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
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// SIGTERM, and how the process ended.
  int terminate() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
