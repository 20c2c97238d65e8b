package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;

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

class KnownTargetsTest {
  private static final String ASKED = "/api/v1/normalizers/a:normalize?mode=inference";

  private final KnownTargets targets = new KnownTargets();

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

  private void keep(String scheme, String host, String asked) {
    MockServerHttpRequest read =
        MockServerHttpRequest.method(HttpMethod.POST, URI.create(scheme + "://" + host + asked))
            .header("Host", host)
            .build();
    targets.keep(read, asked, match("a"));
  }

  @Test
  void aTargetIsKnownAfterItsFirstRequest() {
    assertThat(targets.of(ASKED, "h:8080")).isEmpty();
    keep("http", "h:8080", ASKED);
    KnownTargets.Target known = targets.of(ASKED, "h:8080").orElseThrow();
    assertThat(known.address()).isEqualTo(URI.create("http://h:8080" + ASKED));
    assertThat(known.path().value()).isEqualTo("/api/v1/normalizers/a:normalize");
    assertThat(known.match().variables()).containsExactly(Map.entry("name", "a"));
  }

  @ParameterizedTest
  @CsvSource({
    "other:8080, /api/v1/normalizers/a:normalize?mode=inference",
    "h:8081, /api/v1/normalizers/a:normalize?mode=inference",
    "h, /api/v1/normalizers/a:normalize?mode=inference",
    ", /api/v1/normalizers/a:normalize?mode=inference",
    "h:8080, /api/v1/normalizers/a:normalize?mode=training",
    "h:8080, /api/v1/normalizers/a:normalize",
    "h:8080, http://h:8080/api/v1/normalizers/a:normalize?mode=inference",
  })
  void anythingElseIsAnotherTarget(@Nullable String host, String asked) {
    keep("http", "h:8080", ASKED);
    assertThat(targets.of(asked, host)).isEmpty();
  }

  @Test
  void requestsByTlsAreNeverKept() {
    keep("https", "h:8080", ASKED);
    assertThat(targets.of(ASKED, "h:8080")).isEmpty();
  }

  @Test
  void aLongTargetIsNotKept() {
    String asked = ASKED + "&x=" + "x".repeat(500);
    keep("http", "h:8080", asked);
    assertThat(targets.of(asked, "h:8080")).isEmpty();
  }

  /// Of ten thousand targets the places hold about a thousand, and each one is its own.
  @Test
  void manyTargetsAreBoundedAndNeverMistaken() {
    int known = 0;
    for (int i = 0; i < 10_000; i++) {
      keep("http", "h:8080", "/" + i);
    }
    for (int i = 0; i < 10_000; i++) {
      Optional<KnownTargets.Target> target = targets.of("/" + i, "h:8080");
      assertThat(target.map(KnownTargets.Target::asked))
          .isIn(Optional.empty(), Optional.of("/" + i));
      known += target.isPresent() ? 1 : 0;
    }
    assertThat(known).isBetween(100, 1_024);
  }
}
