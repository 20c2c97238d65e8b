package io.evenkeel.http;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// What comes between SIGTERM and the end of listening. `/readyz` refuses from the first moment on;
/// for a while requests are answered all the same, so that whoever routes them has time to see it,
/// and each answer asks its client to let go of the connection. What is under way after that is
/// Spring Boot's to wait for.
@Component
final class Drain implements SmartLifecycle, WebFilter, Ordered {
  private final Duration delay;
  private volatile boolean leaving;
  private volatile boolean running;

  Drain(HttpSettings settings) {
    this.delay = settings.shutdownDelay();
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    stop(() -> {});
  }

  @Override
  public void stop(Runnable stopped) {
    leaving = true;
    running = false;
    var _ = Mono.delay(delay).subscribe(_ -> stopped.run());
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /// Stopped before the server is, which is some phases below.
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }

  /// Before all others: no answer is without it.
  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (leaving) {
      exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
    }
    return chain.filter(exchange);
  }
}
