package io.evenkeel.http.server;

import io.evenkeel.http.HttpSettings;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// What comes between SIGTERM and the end of listening. `/readyz` refuses from the first moment on;
/// for a while requests are answered all the same, so that whoever routes them has time to see it,
/// and clients are asked to let go of their connections. What is under way after that is Spring
/// Boot's to wait for.
@Component
public final class Drain implements SmartLifecycle {
  private final Duration delay;
  private volatile boolean running;
  private final Set<DrainedConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean leaving;
  private volatile boolean over;

  Drain(HttpSettings settings) {
    this.delay = settings.shutdownDelay();
  }

  @Override
  public void start() {
    leaving = false;
    over = false;
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

  /// From now on no request begins. A connection that is not seen here is younger than that.
  private Mono<Void> end() {
    over = true;
    return Flux.fromIterable(connections).flatMap(DrainedConnection::closeIfIdle).then();
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

  /// Whether it takes no further request.
  boolean isOver() {
    return over;
  }

  /// Stopped before the server is, which is some phases below.
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }
}
