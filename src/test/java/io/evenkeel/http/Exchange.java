package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests in few words, and what came back.
public final class Exchange {
  /// Where normalizers are.
  public static final String NORMALIZERS = "/api/v1/normalizers/";

  /// Where they are administered.
  public static final String ADMIN = "/api/v1/admin/normalizers/";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final EntityExchangeResult<byte[]> result;

  private Exchange(EntityExchangeResult<byte[]> result) {
    this.result = result;
  }

  /// A request in the making.
  public static Request to(WebTestClient client, String method, String path) {
    return new Request(client, HttpMethod.valueOf(method), path);
  }

  /// Creates a normalizer that infers before any training.
  public static String untrained(WebTestClient client, String definition) {
    return created(client, definition.replaceFirst("\\{", "{\"untrained\": \"identity\", "));
  }

  /// A normalizer of its own for a test.
  ///
  /// @return its name
  public static String created(WebTestClient client, String definition) {
    String name = "test-" + NAMES.incrementAndGet();
    assertThat(to(client, "PUT", NORMALIZERS + name).body(definition).send().status())
        .isEqualTo(201);
    return name;
  }

  /// A request in the making.
  public static final class Request {
    private final WebTestClient client;
    private final HttpMethod method;
    private final String path;
    private final List<String[]> headers = new ArrayList<>();
    private byte @Nullable [] body;
    private @Nullable String mediaType = "application/json";

    private Request(WebTestClient client, HttpMethod method, String path) {
      this.client = client;
      this.method = method;
      this.path = path;
    }

    /// With a body.
    public Request body(String text) {
      return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /// With a body.
    public Request body(byte[] bytes) {
      body = bytes;
      return this;
    }

    /// With a media type, or with none at all.
    public Request as(@Nullable String type) {
      mediaType = type;
      return this;
    }

    /// With a header.
    public Request with(String name, String value) {
      headers.add(new String[] {name, value});
      return this;
    }

    /// Asking for a problem document where another protocol has errors of its own.
    public Request problems() {
      return with(HttpHeaders.ACCEPT, "*/*, application/problem+json");
    }

    /// Sends it.
    public Exchange send() {
      WebTestClient.RequestBodySpec request =
          client.method(method).uri(base -> URI.create(base.build() + path));
      for (String[] header : headers) {
        request.header(header[0], header[1]);
      }
      byte[] sent = body;
      if (sent != null) {
        if (mediaType != null) {
          request.header(HttpHeaders.CONTENT_TYPE, mediaType);
        }
        DataBuffer buffer = DefaultDataBufferFactory.sharedInstance.wrap(sent);
        request.body(BodyInserters.fromDataBuffers(Mono.just(buffer)));
      }
      return new Exchange(request.exchange().expectBody().returnResult());
    }
  }

  /// The sum of what a meter's lines say.
  ///
  /// @param line name and labels as they are exposed, a regular expression
  public static double meter(WebTestClient client, String line) {
    Pattern value = Pattern.compile("(?m)^" + line + " (\\S+)$");
    return value
        .matcher(to(client, "GET", "/actuator/prometheus").send().text())
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .sum();
  }

  /// The status.
  public int status() {
    return result.getStatus().value();
  }

  /// A header, or null.
  public @Nullable String header(String name) {
    return result.getResponseHeaders().getFirst(name);
  }

  /// The body as text.
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /// The body.
  public byte[] bytes() {
    return Optional.ofNullable(result.getResponseBody()).orElse(new byte[0]);
  }

  /// The body as JSON.
  public JsonNode json() {
    return JSON.readTree(bytes());
  }

  /// A member of the body, by pointer, as JSON text; `absent` where it is not there.
  public String at(String pointer) {
    JsonNode node = json().at(pointer);
    return node.isMissingNode() ? "absent" : node.isString() ? node.stringValue() : node.toString();
  }

  /// The status and the kind of problem: `422 invalid-batch`.
  public String problem() {
    assertThat(header(HttpHeaders.CONTENT_TYPE)).startsWith("application/problem+json");
    JsonNode problem = json();
    assertThat(problem.path("status").asInt()).isEqualTo(status());
    assertThat(problem.path("title").asString()).isNotEmpty();
    assertThat(problem.path("detail").asString()).endsWith(".");
    assertThat(problem.path("instance").asString()).startsWith("/");
    assertThat(text()).doesNotContain("java.", "io.evenkeel", "springframework", "Exception");
    return status() + " " + problem.path("type").asString().replace("urn:evenkeel:problem:", "");
  }

  /// The faults that a problem tells, each as `pointer code`.
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    for (JsonNode fault : json().path("errors")) {
      faults.add(fault.path("pointer").asString() + " " + fault.path("code").asString());
    }
    return faults;
  }
}
