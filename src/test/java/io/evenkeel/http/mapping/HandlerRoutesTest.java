package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.http.ForEverybody;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.Routes.Reached;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/// Which handler a request reaches, and what that handler says of who may.
class HandlerRoutesTest {
  private final RequestMappingHandlerMapping mapping = new RequestMappingHandlerMapping();
  private final HandlerRoutes routes =
      new HandlerRoutes(mapping, DefaultConversionService.getSharedInstance());

  /// Handlers that are never called.
  static final class Handlers {
    @Needs(Role.READER)
    void read() {}

    @Needs(Role.TRAINER)
    void train() {}

    @Needs(Role.ADMIN)
    void define() {}

    @ForEverybody
    void probe() {}

    void unsaid() {}

    @Needs(Role.READER)
    @ForEverybody
    void saidTwice() {}
  }

  private final Handlers handlers = new Handlers();

  private HandlerMethod handler(String name) {
    return Arrays.stream(Handlers.class.getDeclaredMethods())
        .filter(method -> method.getName().equals(name))
        .map(method -> new HandlerMethod(handlers, method))
        .findAny()
        .orElseThrow();
  }

  private void map(RequestMethod method, String pattern, String name) {
    mapping.registerMapping(
        RequestMappingInfo.paths(pattern).methods(method).build(),
        handlers,
        handler(name).getMethod());
  }

  @BeforeEach
  void mapped() {
    map(RequestMethod.GET, "/a/{name}", "read");
    map(RequestMethod.POST, "/a/{name}:train", "train");
    map(RequestMethod.PUT, "/a/{name}", "define");
    map(RequestMethod.GET, "/health", "probe");
    map(RequestMethod.GET, "/a/fixed", "define");
  }

  private static MockServerWebExchange exchange(String method, String path) {
    return MockServerWebExchange.from(
        MockServerHttpRequest.method(HttpMethod.valueOf(method), URI.create(path)));
  }

  private Optional<Reached> reached(String method, String path) {
    routes.afterSingletonsInstantiated();
    return routes.reached(exchange(method, path));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /a/n, READER, n",
    "HEAD, /a/n, READER, n",
    "PUT, /a/n, ADMIN, n",
    "POST, /a/n:train, TRAINER, n",
    "POST, /a/n%3Atrain, TRAINER, n",
    "GET, /a/%6E, READER, n",
    "GET, /a/fixed, ADMIN, ",
    "GET, /health, , "
  })
  void aRequestReachesTheHandlerOfItsMethodAndPath(
      String method, String path, Role needed, String name) {
    assertThat(reached(method, path))
        .hasValueSatisfying(found -> {
          assertThat(found.needed()).isEqualTo(Optional.ofNullable(needed));
          assertThat(found.name()).isEqualTo(Optional.ofNullable(name));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"POST /a/n", "GET /a/n:train", "POST /a/n:other", "GET /a/n/", "GET /", "GET /b"})
  void elsewhereThereIsNone(String request) {
    String[] parts = request.split(" ");
    assertThat(reached(parts[0], parts[1])).isEmpty();
  }

  /// The guards and the mappings ask one after the other.
  @Test
  void aRequestIsComparedWithThePatternsOnce() {
    routes.afterSingletonsInstantiated();
    MockServerWebExchange exchange = exchange("GET", "/a/n");
    assertThat(routes.match(exchange)).isPresent().isSameAs(routes.match(exchange));
    MockServerWebExchange lost = exchange("GET", "/b");
    assertThat(routes.match(lost)).isEmpty();
    map(RequestMethod.GET, "/b", "read");
    routes.afterSingletonsInstantiated();
    assertThat(routes.match(lost)).isEmpty();
    assertThat(routes.match(exchange("GET", "/b"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unsaid", "saidTwice"})
  void aHandlerThatDoesNotSayWhoMayReachItFailsTheStart(String name) {
    map(RequestMethod.GET, "/more", name);
    assertThatThrownBy(routes::afterSingletonsInstantiated)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(name, "@Needs", "@ForEverybody");
  }

  @Test
  void aRequestReachesNoHandlerButTheOneItsCallerWasLetInFor() {
    routes.afterSingletonsInstantiated();
    MockServerWebExchange exchange = exchange("GET", "/a/n");
    routes.requireSame(exchange, handler("read"));
    assertThatThrownBy(() -> routes.requireSame(exchange, handler("define")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> routes.requireSame(exchange("GET", "/b"), handler("read")))
        .isInstanceOf(IllegalStateException.class);
  }
}
