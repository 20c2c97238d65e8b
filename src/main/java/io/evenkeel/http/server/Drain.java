package io.evenkeel.http.server;

import io.evenkeel.http.HttpSettings;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// The time between SIGTERM and the end of listening. `/readyz` refuses at once. Requests are still
/// answered for a while, so that a load balancer has time to see it, and each answer asks the
/// client to close its connection. After that Spring Boot waits for the requests under way.
@Component
public final class Drain implements SmartLifecycle {
  private final Duration delay;
  private volatile boolean running;
  private final Set<DrainedConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean leaving;
  private volatile boolean over;
  private volatile Sinks.Empty<Void> end = Sinks.empty();

  Drain(HttpSettings settings) {
    this.delay = settings.shutdownDelay();
  }

  @Override
  public void start() {
    leaving = false;
    over = false;
    end = Sinks.empty();
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
    var _ = Mono.delay(delay).then(Mono.defer(this::end)).doFinally(_ -> stopped.run()).subscribe();
  }

  /// From now on no request begins. A connection that is missing from the list was opened later.
  ///
  /// @return completes when Reactor Netty knows of all requests that are still under way
  private Mono<Void> end() {
    over = true;
    var _ = end.tryEmitEmpty();
    return Flux.fromIterable(connections).flatMap(DrainedConnection::end, Integer.MAX_VALUE).then();
  }

  void add(DrainedConnection connection) {
    connections.add(connection);
  }

  void remove(DrainedConnection connection) {
    connections.remove(connection);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /// Whether the service is about to go.
  boolean isLeaving() {
    return leaving;
  }

  /// Whether the service begins no further request.
  public boolean isOver() {
    return over;
  }

  /// Completes once that is so. An answer that has no end of its own ends then.
  public Mono<Void> ended() {
    return end.asMono();
  }

  /// This stops before the server does, which is in a lower phase.
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }
}
