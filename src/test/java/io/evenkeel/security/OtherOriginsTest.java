package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.http.problem.RequestException.Forbidden;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/// Where no origin is listed.
class OtherOriginsTest {
  private final WebFilter filter = OtherOrigins.filter(List.of());

  private boolean isTaken(MockServerHttpRequest.BaseBuilder<?> request) {
    MockServerWebExchange exchange = MockServerWebExchange.from(request);
    AtomicBoolean taken = new AtomicBoolean();
    Mono.defer(() -> filter.filter(exchange, _ -> Mono.fromRunnable(() -> taken.set(true))))
        .block();
    assertThat(exchange.getResponse().getHeaders().getAccessControlAllowOrigin()).isNull();
    return taken.get();
  }

  @Test
  void otherOriginsAreRefusedBeforehandAndWithoutBeingAsked() {
    for (MockServerHttpRequest.BaseBuilder<?> request :
        List.of(
            MockServerHttpRequest.options("http://localhost/a")
                .header(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD, "PUT"),
            MockServerHttpRequest.post("http://localhost/a"))) {
      request.header(HttpHeaders.ORIGIN, "https://elsewhere.example");
      assertThatThrownBy(() -> isTaken(request))
          .isInstanceOf(Forbidden.class)
          .hasMessageContaining("evenkeel.security.cors-origins");
    }
  }

  @Test
  void theServicesOwnPagesAndProgramsThatAreNoBrowsersAreTaken() {
    assertThat(
            isTaken(
                MockServerHttpRequest.post("http://localhost:8080/a")
                    .header(HttpHeaders.ORIGIN, "http://localhost:8080")))
        .isTrue();
    assertThat(isTaken(MockServerHttpRequest.post("http://localhost:8080/a"))).isTrue();
  }
}
