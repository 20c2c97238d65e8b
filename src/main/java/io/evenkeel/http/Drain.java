package io.evenkeel.http;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/// What comes between SIGTERM and the end of listening. `/readyz` refuses from the first moment on;
/// for a while requests are answered all the same, so that whoever routes them has time to see it,
/// and clients are asked to let go of their connections. What is under way after that is Spring
/// Boot's to wait for.
@Component
final class Drain implements SmartLifecycle {
  private final Duration delay;
  private volatile boolean running;
  private volatile boolean leaving;

  Drain(HttpSettings settings) {
    this.delay = settings.shutdownDelay();
  }

  @Override
  public void start() {
    leaving = false;
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

  /// Whether the service is about to go.
  boolean isLeaving() {
    return leaving;
  }

  /// Stopped before the server is, which is some phases below.
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }
}
