package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.web.server.LocalServerPort;

/// A page on the web whose name is pointed to this machine once it is loaded (DNS rebinding), in a
/// real browser: to the browser the service is of the page's own origin then.
///
/// The browser is told that the name is this machine from the start. In the place of a changing DNS
/// entry there is a switch behind the name: it answers the page itself, and hands everything else
/// on to the service as it comes.
@OpenService
class ReboundPageTest {
  private static final String PAGE =
      """
      <!doctype html><script>
      (async () => {
        const told = [];
        for (const [method, path] of [["GET", "/api/v1/normalizers"], ["GET", "/actuator/info"],
            ["PUT", "/api/v1/normalizers/rebound-by-" + location.hostname]]) {
          const body = method === "GET" ? undefined : '{"featureCount": 1}';
          const headers = {"Content-Type": "application/json"};
          const answer = await fetch(path, body ? {method, headers, body} : {method});
          const text = await answer.text();
          told.push(answer.status + (text.includes("misdirected-request") ? " misdirected" : ""));
        }
        await fetch("/report?" + encodeURIComponent(told.join()));
      })();
      </script>
      """;

  @TempDir private Path profile;

  @LocalServerPort private int port;

  @Test
  void aReboundPageReadsNothingAndChangesNothing() throws Exception {
    assertThat(toldTo("evil.test")).isEqualTo("421 misdirected,421 misdirected,421 misdirected");
  }

  /// The same page under a name that is listed is let in: so it is the name that is refused above.
  @Test
  void underANameThatIsListedTheSamePageMayDoAll() throws Exception {
    assertThat(toldTo("listed.test")).isEqualTo("200,200,201");
  }

  /// What the page reports when it comes from a name.
  private String toldTo(String name)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Optional<String> browser = browser();
    if (browser.isEmpty()) {
      System.err.println(
          "SKIPPED: DNS rebinding is not tried in a browser, since there is no chromium here"
              + " (apt-get install chromium).");
    }
    assumeThat(browser).isPresent();
    try (ServerSocket behindTheName = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> report = new CompletableFuture<>();
      Thread.startVirtualThread(() -> serve(behindTheName, report));
      Process chromium =
          new ProcessBuilder(
                  browser.get(),
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-dev-shm-usage",
                  "--no-first-run",
                  "--user-data-dir=" + profile,
                  "--host-resolver-rules=MAP "
                      + name
                      + ":80 127.0.0.1:"
                      + behindTheName.getLocalPort(),
                  "--remote-debugging-port=0",
                  "http://" + name + "/page")
              .redirectErrorStream(true)
              .redirectOutput(new File("target/chromium.log"))
              .start();
      try {
        return report.get(60, TimeUnit.SECONDS);
      } finally {
        chromium.descendants().forEach(ProcessHandle::destroyForcibly);
        chromium.destroyForcibly().waitFor();
      }
    }
  }

  private static Optional<String> browser() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(name ->
            Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> new File(folder, name)))
        .filter(File::canExecute)
        .map(File::getPath)
        .findFirst();
  }

  private void serve(ServerSocket behindTheName, CompletableFuture<String> report) {
    while (!behindTheName.isClosed()) {
      try {
        Socket client = behindTheName.accept();
        Thread.startVirtualThread(() -> answer(client, report));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void answer(Socket client, CompletableFuture<String> report) {
    try (client) {
      String head = head(client.getInputStream());
      if (head.startsWith("GET /page ")) {
        send(client, "text/html", PAGE);
      } else if (head.startsWith("GET /report?")) {
        report.complete(
            java.net.URLDecoder.decode(
                head.substring("GET /report?".length(), head.indexOf(" HTTP")),
                StandardCharsets.UTF_8));
        send(client, "text/plain", "");
      } else if (head.contains("\r\n")) {
        handOn(client, head);
      }
    } catch (IOException gone) {
      // the browser leaves when it likes
    }
  }

  /// The head of one request, which ends with an empty line.
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private static void send(Socket client, String type, String text) throws IOException {
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: "
            + type
            + "\r\nConnection: close\r\nContent-Length: "
            + text.length()
            + "\r\n\r\n"
            + text;
    client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// One request a connection, so that each comes by here.
  private void handOn(Socket client, String head) throws IOException {
    try (Socket service = new Socket(InetAddress.getLoopbackAddress(), port)) {
      service
          .getOutputStream()
          .write(
              head.replaceFirst("(?i)Connection: keep-alive", "Connection: close")
                  .getBytes(StandardCharsets.ISO_8859_1));
      Thread.startVirtualThread(() -> {
        try {
          client.getInputStream().transferTo(service.getOutputStream());
        } catch (IOException ended) {
          // with the answer
        }
      });
      service.getInputStream().transferTo(client.getOutputStream());
    }
  }
}
