package io.evenkeel.normalization;

import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// A log whose answers to events take longer, as if it were far away, or wait until they are
/// released. The log behind it is not slowed: it takes each event at once.
public final class DistantLog implements NormalizerLog {
  private final NormalizerLog near;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private volatile Duration delay = Duration.ZERO;
  private volatile Consumer<NormalizerEvent> before = _ -> {};
  private volatile Sinks.@Nullable Empty<Void> held;

  /// In front of a log.
  public DistantLog(NormalizerLog near) {
    this.near = near;
  }

  /// How much longer each answer takes from now on.
  public void delay(Duration longer) {
    delay = longer;
  }

  /// Does something just before each event is taken; it may append events of its own to [#near].
  public void before(Consumer<NormalizerEvent> action) {
    before = action;
  }

  /// The log behind it.
  public NormalizerLog near() {
    return near;
  }

  /// Answers nothing until [#release].
  public void hold() {
    held = Sinks.empty();
  }

  /// Answers what was held.
  public void release() {
    Sinks.Empty<Void> sink = held;
    held = null;
    if (sink != null) {
      sink.tryEmitEmpty().orThrow();
    }
  }

  /// How many events were taken that are not answered yet.
  public int underWay() {
    return underWay.get();
  }

  /// How many there were at once at most, since this was asked last.
  public int mostUnderWay() {
    return mostUnderWay.getAndSet(0);
  }

  @Override
  public Mono<Outcome> append(NormalizerEvent event) {
    return Mono.defer(() -> {
      before.accept(event);
      mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      Sinks.Empty<Void> sink = held;
      Mono<Outcome> answer = near.append(event);
      Mono<Outcome> late =
          sink == null
              ? delay.isZero() ? answer : answer.delayElement(delay)
              : answer.delayUntil(_ -> sink.asMono());
      // before the answer is passed on: whoever has it may append the next one at once
      AtomicBoolean open = new AtomicBoolean(true);
      Runnable ended =
          () -> {
            if (open.getAndSet(false)) {
              underWay.decrementAndGet();
            }
          };
      return late.doOnTerminate(ended).doOnCancel(ended);
    });
  }

  @Override
  public Optional<Normalizer> find(NormalizerName name) {
    return near.find(name);
  }

  @Override
  public List<Normalizer> list(String prefix, Optional<String> after, int limit) {
    return near.list(prefix, after, limit);
  }

  @Override
  public StateChanges changes() {
    return near.changes();
  }

  @Override
  public long size() {
    return near.size();
  }

  @Override
  public Mono<List<AuditEntry>> audit(
      Optional<NormalizerName> name, Optional<Long> before, int limit) {
    return near.audit(name, before, limit);
  }

  @Override
  public boolean isFull() {
    return near.isFull();
  }

  @Override
  public boolean isReady() {
    return near.isReady();
  }
}
