package io.evenkeel;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.springframework.util.FileSystemUtils;

/// The packaged jar as a process of its own, started as a stranger would, on a store that outlives
/// it.
public final class PackagedService implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(120);

  /// A service that was told to go waits at most 30 s for requests under way.
  private static final Duration END = Duration.ofSeconds(120);

  private static final Duration THREADS = Duration.ofSeconds(10);

  /// The packaged jar, unpacked, with a cache of its classes, as in the image.
  private static final Path UNPACKED = Path.of("target/unpacked").toAbsolutePath();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final URI base;
  private final File log;

  private PackagedService(Process process, URI base, File log) {
    this.process = process;
    this.base = base;
    this.log = log;
  }

  /// Starts it on a free port and waits until it is ready.
  public static PackagedService start(Path store, File log)
      throws IOException, InterruptedException {
    return start(store, log, Map.of());
  }

  /// Starts it with further variables of the environment. It has no OpenAPI document unless
  /// `SPRINGDOC_APIDOCS_ENABLED` says so.
  public static PackagedService start(Path store, File log, Map<String, String> environment)
      throws IOException, InterruptedException {
    PackagedService service = launch(store, log, environment);
    service.awaitReady();
    return service;
  }

  /// Starts it on a port of its own, on which another one has ended.
  public static PackagedService startAt(
      int port, Path store, File log, Map<String, String> environment)
      throws IOException, InterruptedException {
    unpack(log);
    PackagedService service =
        launch(port, UNPACKED, store, log, environment, unpacked("-XX:AOTCache=evenkeel.aot"));
    service.awaitReady();
    return service;
  }

  /// Starts it by other arguments of `java`.
  public static PackagedService start(Path store, File log, String... launch)
      throws IOException, InterruptedException {
    PackagedService service = launch(Path.of("").toAbsolutePath(), store, log, Map.of(), launch);
    service.awaitReady();
    return service;
  }

  /// Starts it and does not wait.
  public static PackagedService launch(Path store, File log, Map<String, String> environment)
      throws IOException, InterruptedException {
    unpack(log);
    String[] arguments = unpacked("-XX:AOTCache=evenkeel.aot");
    return launch(UNPACKED, store, log, environment, arguments);
  }

  /// The packaged jar.
  public static String jar() {
    return System.getProperty("evenkeel.jar");
  }

  /// Arguments for the jar unpacked, with only the quick compiler: each life is too short for the
  /// other.
  private static String[] unpacked(String cache) {
    return new String[] {
      "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", cache, "-jar", "evenkeel.jar"
    };
  }

  /// Unpacks the jar and lets it live once, where that has not been done since it was built: what
  /// is started again and again is ready in half the time then.
  private static synchronized void unpack(File log) throws IOException, InterruptedException {
    Path cache = UNPACKED.resolve("evenkeel.aot");
    // not when it was modified: that is the same for all builds of one release
    FileTime built = (FileTime) Files.getAttribute(Path.of(jar()), "unix:ctime");
    if (Files.exists(cache) && Files.getLastModifiedTime(cache).compareTo(built) > 0) {
      return;
    }
    FileSystemUtils.deleteRecursively(UNPACKED);
    Process extraction =
        new ProcessBuilder(
                java(),
                "-Djarmode=tools",
                "-jar",
                jar(),
                "extract",
                "--destination",
                UNPACKED.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    if (extraction.waitFor() != 0) {
      throw new IllegalStateException("the jar could not be unpacked; see " + log);
    }
    String[] arguments = unpacked("-XX:AOTCacheOutput=evenkeel.aot");
    try (PackagedService training = launch(UNPACKED, Path.of("store"), log, Map.of(), arguments)) {
      training.awaitReady();
      training.send("PUT", "/api/v1/normalizers/n", "{\"featureCount\": 1}");
      training.send("POST", "/api/v1/normalizers/n:normalize?mode=training", "{\"rows\": [[1]]}");
      training.terminate();
    }
  }

  private static String java() {
    return ProcessHandle.current().info().command().orElse("java");
  }

  private static PackagedService launch(
      Path folder, Path store, File log, Map<String, String> environment, String... launch)
      throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    return launch(port, folder, store, log, environment, launch);
  }

  private static PackagedService launch(
      int port,
      Path folder,
      Path store,
      File log,
      Map<String, String> environment,
      String... launch)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(List.of(launch));
    command.add("--server.port=" + port);
    command.add("--evenkeel.store.directory=" + store);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().put("SPRINGDOC_APIDOCS_ENABLED", "false");
    builder.environment().putAll(environment);
    return new PackagedService(builder.start(), URI.create("http://127.0.0.1:" + port), log);
  }

  private void awaitReady() throws IOException, InterruptedException {
    if (!becomesReady()) {
      throw stuck("the service did not become ready");
    }
  }

  /// What the service said last, with what each of its threads does if it can still say that.
  private IllegalStateException stuck(String what) throws IOException, InterruptedException {
    if (process.isAlive()) {
      new ProcessBuilder("kill", "-QUIT", Long.toString(pid())).start().waitFor();
      process.waitFor(THREADS);
      process.destroyForcibly();
    }
    List<String> said = Files.readAllLines(log.toPath());
    List<String> last = said.subList(Math.max(0, said.size() - 400), said.size());
    return new IllegalStateException(what + "; its log ends with\n" + String.join("\n", last));
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
        // but soon
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

  /// Sends a body of bytes, and takes the answer as bytes.
  public HttpResponse<byte[]> post(String path, String mediaType, byte[] body, String... headers)
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
  public int port() {
    return base.getPort();
  }

  /// SIGKILL, and the end of the process.
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// SIGTERM, and how the process ended.
  public int terminate() throws IOException, InterruptedException {
    process.destroy();
    return exitCode();
  }

  /// How it ended by itself.
  public int exitCode() throws IOException, InterruptedException {
    if (!process.waitFor(END)) {
      throw stuck("the service did not end");
    }
    return process.exitValue();
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
