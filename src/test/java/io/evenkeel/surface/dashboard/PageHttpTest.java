package io.evenkeel.surface.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/// The page and its files, as a browser asks for them.
@ServiceUnderTest
class PageHttpTest {
  private static final Pattern LINK = Pattern.compile("(?:src|href)=\"(/page/[^\"]+)\"");
  private static final String BROWSER = "gzip, deflate, br, zstd";
  private static final Path SOURCES = Path.of("src/main/resources/static/page");

  @Autowired private WebTestClient client;
  @LocalServerPort private int port;

  private Exchange get(String path, String... headers) {
    Exchange.Request request = Exchange.to(client, "GET", path);
    for (int i = 0; i < headers.length; i += 2) {
      request.with(headers[i], headers[i + 1]);
    }
    return request.send();
  }

  private List<String> links() {
    return LINK.matcher(get("/").text()).results().map(found -> found.group(1)).toList();
  }

  @Test
  void thePageIsAskedForAgainAndNotSentAgain() {
    Exchange page = get("/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
    assertThat(page.header("Cache-Control")).contains("no-cache");
    Exchange again = get("/", "If-None-Match", page.header("ETag"));
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.bytes()).isEmpty();
  }

  /// Everything that it names is there, is kept for ever, and is of a type that a browser takes in
  /// spite of `nosniff`.
  @Test
  void whatThePageNamesIsThereAndKept() {
    assertThat(links())
        .hasSizeGreaterThan(6)
        .allSatisfy(path -> {
          Exchange file = get(path);
          assertThat(file.status()).isEqualTo(200);
          assertThat(file.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
          assertThat(file.header("Content-Type"))
              .isIn("text/javascript;charset=UTF-8", "text/css", "image/svg+xml");
          assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
        });
  }

  /// The modules name each other by their file names, and each of them is served.
  @Test
  void whatAModuleImportsIsThere() throws IOException {
    String base = links().getFirst().replaceFirst("[^/]+$", "");
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".js")).toList()) {
        assertThat(get(base + file.getFileName()).text()).isEqualTo(Files.readString(file));
        Pattern.compile("from \"\\./([a-z]+\\.js)\"")
            .matcher(Files.readString(file))
            .results()
            .forEach(found ->
                assertThat(get(base + found.group(1)).status()).as(file + "").isEqualTo(200));
      }
    }
  }

  @Test
  void aFileComesCompressedWithATagOfItsOwn() throws IOException, InterruptedException {
    String path =
        links().stream().filter(link -> link.endsWith("page.css")).findFirst().orElseThrow();
    HttpResponse<byte[]> plain = as("identity", path);
    HttpResponse<byte[]> compressed = as(BROWSER, path);
    assertThat(header(compressed, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(compressed, "Vary")).contains("Accept-Encoding");
    assertThat(header(compressed, "ETag")).isNotEqualTo(header(plain, "ETag"));
    assertThat(compressed.body().length).isLessThan(plain.body().length / 2);
    try (GZIPInputStream read = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
      assertThat(read.readAllBytes()).isEqualTo(plain.body());
    }
    HttpResponse<byte[]> again = as(BROWSER, path, "If-None-Match", header(compressed, "ETag"));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(header(again, "ETag")).isEqualTo(header(compressed, "ETag"));
  }

  private static String header(HttpResponse<?> response, String name) {
    return String.join(", ", response.headers().allValues(name));
  }

  /// Asks for a coding. The client of the other tests asks for gzip and decompresses it unseen.
  private HttpResponse<byte[]> as(String coding, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .header("Accept-Encoding", coding);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient browser = HttpClient.newHttpClient()) {
      return browser.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  /// So that nothing of one release is kept under the name of another.
  @Test
  void anotherReleaseOrFileIsNotFound() {
    String base = links().getFirst().replaceFirst("[^/]+$", "");
    for (String path :
        List.of("/page/0123456789abcdef/main.js", base + "index.html", base + "none.js")) {
      Exchange answer = get(path);
      assertThat(answer.problem()).isEqualTo("404 not-found");
      assertThat(answer.header("Cache-Control")).contains("no-cache");
    }
  }

  @Test
  void thePageMayLoadNothingButWhatThisServiceHas() {
    String policy = get("/").header("Content-Security-Policy");
    assertThat(policy).contains("default-src 'none'", "script-src 'self'", "style-src 'self'");
    assertThat(policy).contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'");
    assertThat(policy).doesNotContain("unsafe", "data:", "*", "http");
    assertThat(get("/").text())
        .doesNotContainPattern("<script(?![^>]*src=)|style=|<style|\\son[a-z]+=");
  }

  /// On a slow connection, 1.6 Mbit/s, 100 kB take half a second.
  @Test
  void allOfThePageIsSmall() throws IOException, InterruptedException {
    String base = links().getFirst().replaceFirst("[^/]+$", "");
    long bytes = as(BROWSER, "/").body().length;
    try (Stream<Path> files = Files.list(SOURCES)) {
      List<String> names =
          Stream.concat(
                  files.map(file -> file.getFileName().toString()),
                  Stream.of("uPlot.iife.min.js", "uPlot.min.css"))
              .filter(name -> !name.equals("index.html"))
              .toList();
      for (String name : names) {
        bytes += as(BROWSER, base + name).body().length;
      }
    }
    assertThat(bytes).isLessThan(100_000);
  }

  @Test
  void whereAllIsOpenEverybodyIsAnAdmin() {
    assertThat(get("/api/v1/caller").text())
        .isEqualTo("{\"actor\":null,\"role\":\"admin\",\"prefix\":\"\"}");
  }
}
