package io.evenkeel.surface.dashboard;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An installed Chromium without a window, led by the Chrome DevTools protocol: a browser as people
/// have it, without a driver or a download.
final class Browser implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PORT_FILE = "DevToolsActivePort";

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

  private Browser(Process process, URI page, HttpClient client) {
    this.process = process;
    this.socket = client.newWebSocketBuilder().buildAsync(page, new Listener()).join();
  }

  /// The installed browser; empty if there is none.
  static Optional<String> installed() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(name ->
            Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> new File(folder, name)))
        .filter(File::canExecute)
        .map(File::getPath)
        .findFirst();
  }

  /// Starts it with an empty profile.
  static Browser start(String program, Path profile) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
                "--lang=en-GB",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(new File("target/chromium.log"))
            .start();
    Path told = profile.resolve(PORT_FILE);
    await("Chromium listens", () -> Files.exists(told) && Files.readAllLines(told).size() > 1);
    String port = Files.readAllLines(told).getFirst();
    HttpClient client = HttpClient.newHttpClient();
    HttpResponse<String> pages =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json")).build(),
            HttpResponse.BodyHandlers.ofString());
    for (JsonNode page : JSON.readTree(pages.body())) {
      if (page.path("type").asString().equals("page")) {
        URI address = URI.create(page.path("webSocketDebuggerUrl").asString());
        Browser browser = new Browser(process, address, client);
        for (String domain : List.of("Page", "Runtime", "Log", "DOM")) {
          browser.send(domain + ".enable", Map.of());
        }
        return browser;
      }
    }
    process.destroyForcibly();
    throw new IOException("Chromium has no page");
  }

  /// Something to wait for.
  interface Condition {
    boolean holds() throws IOException;
  }

  static void await(String what, Condition condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (IOException notYet) {
        // but soon
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    throw new AssertionError("never: " + what);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        JsonNode message = JSON.readTree(text.toString());
        text.setLength(0);
        take(message);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }

  private void take(JsonNode message) {
    CompletableFuture<JsonNode> waiting = asked.remove(message.path("id").asInt(0));
    JsonNode told = message.path("params");
    if (waiting != null) {
      waiting.complete(message);
    } else if (message.path("method").asString("").equals("Runtime.exceptionThrown")) {
      complaints.add("exception: " + told.at("/exceptionDetails/exception/description"));
    } else if (message.path("method").asString("").equals("Runtime.consoleAPICalled")) {
      complaints.add("console: " + told.path("args"));
    } else if (message.path("method").asString("").equals("Log.entryAdded")) {
      complaints.add(
          told.at("/entry/source").asString()
              + ": "
              + told.at("/entry/text").asString()
              + " "
              + told.at("/entry/url").asString(""));
    }
  }

  /// What the console has been told since the last call.
  List<String> complaints() {
    synchronized (complaints) {
      List<String> told = List.copyOf(complaints);
      complaints.clear();
      return told;
    }
  }

  /// Sends a command of the protocol.
  JsonNode send(String method, Map<String, ?> parameters) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    Map<String, ?> command = Map.of("id", id, "method", method, "params", parameters);
    synchronized (this) {
      socket.sendText(JSON.writeValueAsString(command), true).join();
    }
    JsonNode told = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (told.has("error")) {
      throw new AssertionError(method + ": " + told.path("error"));
    }
    return told.path("result");
  }

  /// The value of an expression on the page.
  JsonNode eval(String expression) {
    JsonNode result =
        send(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
    }
    return result.at("/result/value");
  }

  /// Waits until an expression is true.
  void until(String expression) {
    await(expression, () -> eval("Boolean(" + expression + ")").asBoolean());
  }

  void open(String address) {
    send("Page.navigate", Map.of("url", "about:blank"));
    send("Page.navigate", Map.of("url", address));
    until("document.readyState === 'complete' && document.querySelector('main')");
  }

  /// The size of the window, and whether its user likes it dark.
  void look(int width, int height, boolean dark) {
    send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    send(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /// From now on it sends so many bytes a second; −1 as many as it can.
  void slow(int bytes) {
    send("Network.enable", Map.of());
    send(
        "Network.emulateNetworkConditions",
        Map.of(
            "offline", false, "latency", 0, "downloadThroughput", -1, "uploadThroughput", bytes));
  }

  /// Clicks the button that shows these words, once there is one.
  void press(String words) {
    String button =
        "[...document.querySelectorAll('button, a')].findLast(b => !b.disabled &&"
            + " b.textContent.trim() === "
            + JSON.writeValueAsString(words)
            + ")";
    until(button);
    eval(button + ".click()");
  }

  /// Fills in a field.
  void type(String selector, String text) {
    until("document.querySelector(" + JSON.writeValueAsString(selector) + ")");
    eval("document.querySelector(" + JSON.writeValueAsString(selector) + ").focus()");
    eval("document.activeElement.select?.()");
    send("Input.insertText", Map.of("text", text));
  }

  /// Presses a key on the keyboard.
  void key(String name, int code) {
    for (String kind : List.of("keyDown", "keyUp")) {
      send(
          "Input.dispatchKeyEvent",
          Map.of(
              "type",
              kind,
              "key",
              name,
              "code",
              name,
              "windowsVirtualKeyCode",
              code,
              "text",
              name.equals("Enter") && kind.equals("keyDown") ? "\r" : ""));
    }
  }

  /// Chooses a file in the first field for files.
  void choose(Path file) {
    until("document.querySelector('input[type=file]')");
    int root = send("DOM.getDocument", Map.of()).at("/root/nodeId").asInt();
    int field =
        send("DOM.querySelector", Map.of("nodeId", root, "selector", "input[type=file]"))
            .path("nodeId")
            .asInt();
    send(
        "DOM.setFileInputFiles",
        Map.of("nodeId", field, "files", List.of(file.toAbsolutePath().toString())));
  }

  /// The text that people see.
  String text() {
    return eval("document.body.innerText").asString();
  }

  /// Keeps a picture of the window.
  void picture(Path file) throws IOException {
    String data = send("Page.captureScreenshot", Map.of("format", "png")).path("data").asString();
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(data));
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
