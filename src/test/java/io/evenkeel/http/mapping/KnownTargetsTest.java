package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.lang.reflect.Method;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.netty.http.server.HttpServerRequest;

class KnownTargetsTest {
  private static final String ASKED = "/api/v1/normalizers/a:normalize?mode=inference";

  private final KnownTargets targets = new KnownTargets();

  private static HttpServerRequest request(String address, String asked, @Nullable String prefix) {
    URI base = URI.create(address);
    HttpServerRequest request = mock(HttpServerRequest.class);
    when(request.scheme()).thenReturn(base.getScheme());
    when(request.hostName()).thenReturn(base.getHost());
    when(request.hostPort()).thenReturn(base.getPort());
    when(request.uri()).thenReturn(asked);
    when(request.forwardedPrefix()).thenReturn(prefix);
    return request;
  }

  private static HttpServerRequest request(String address, String asked) {
    return request(address, asked, null);
  }

  private static HandlerRoutes.Match match(String name) {
    List<Method> noHandlers = List.of();
    HandlerRoutes.Route route =
        new HandlerRoutes.Route(
            noHandlers,
            new PathPatternParser().parse("/{name}"),
            Optional.empty(),
            Optional.empty());
    return new HandlerRoutes.Match(route, Map.of("name", name));
  }

  private void keep(HttpServerRequest request) {
    URI read = URI.create(request.scheme() + "://" + request.hostName() + ":8080" + request.uri());
    targets.keep(request, MockServerHttpRequest.method(HttpMethod.POST, read).build(), match("a"));
  }

  @Test
  void aTargetIsKnownAfterItsFirstRequest() {
    assertThat(targets.of(request("http://h:8080", ASKED))).isEmpty();
    keep(request("http://h:8080", ASKED));
    KnownTargets.Target known = targets.of(request("http://h:8080", ASKED)).orElseThrow();
    assertThat(known.address()).isEqualTo(URI.create("http://h:8080" + ASKED));
    assertThat(known.path().value()).isEqualTo("/api/v1/normalizers/a:normalize");
    assertThat(known.match().variables()).containsExactly(Map.entry("name", "a"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://other:8080, /api/v1/normalizers/a:normalize?mode=inference",
    "http://h:8081, /api/v1/normalizers/a:normalize?mode=inference",
    "https://h:8080, /api/v1/normalizers/a:normalize?mode=inference",
    "http://h:8080, /api/v1/normalizers/a:normalize?mode=training",
    "http://h:8080, /api/v1/normalizers/a:normalize",
    "http://h:8080, http://h:8080/api/v1/normalizers/a:normalize?mode=inference",
  })
  void anythingElseIsAnotherTarget(String address, String asked) {
    keep(request("http://h:8080", ASKED));
    assertThat(targets.of(request(address, asked))).isEmpty();
  }

  @Test
  void requestsByTlsOrWithAPrefixAreNeverKnown() {
    keep(request("https://h:8080", ASKED));
    assertThat(targets.of(request("https://h:8080", ASKED))).isEmpty();
    keep(request("http://h:8080", ASKED, "/prefix"));
    assertThat(targets.of(request("http://h:8080", ASKED))).isEmpty();
    keep(request("http://h:8080", ASKED));
    assertThat(targets.of(request("http://h:8080", ASKED, "/prefix"))).isEmpty();
  }

  @Test
  void aLongTargetIsNotKept() {
    String asked = ASKED + "&x=" + "x".repeat(500);
    keep(request("http://h:8080", asked));
    assertThat(targets.of(request("http://h:8080", asked))).isEmpty();
  }

  /// Of ten thousand targets the places hold about a thousand, and each one is its own.
  @Test
  void manyTargetsAreBoundedAndNeverMistaken() {
    int known = 0;
    for (int i = 0; i < 10_000; i++) {
      keep(request("http://h:8080", "/" + i));
    }
    for (int i = 0; i < 10_000; i++) {
      Optional<KnownTargets.Target> target = targets.of(request("http://h:8080", "/" + i));
      assertThat(target.map(KnownTargets.Target::asked))
          .isIn(Optional.empty(), Optional.of("/" + i));
      known += target.isPresent() ? 1 : 0;
    }
    assertThat(known).isBetween(100, 1_024);
  }
}
