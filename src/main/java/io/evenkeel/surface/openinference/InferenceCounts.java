package io.evenkeel.surface.openinference;

import io.evenkeel.normalizer.Revision;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/// Counts the inference requests of each model since the service started, as Triton's statistics
/// have them. The present state counts under one name, whatever its number is; each snapshot counts
/// under its label. Requests to a model that does not exist count nowhere.
///
/// At most [#MOST] models are counted. Beyond them, another model takes the place of one of them,
/// whose counts begin anew.
@Component
final class InferenceCounts {
  static final int MOST = 10_000;

  private final Map<Key, Count> counts = new ConcurrentHashMap<>();
  private final Clock clock;
  private final LongSupplier nanos;

  /// @param snapshot empty for the present state
  private record Key(String name, long incarnation, Optional<String> snapshot) {}

  /// What is counted of a model.
  static final class Count {
    private final LongAdder successes = new LongAdder();
    private final LongAdder successNanos = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder failureNanos = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private volatile long lastMillis;

    /// Requests that were answered.
    long successes() {
      return successes.sum();
    }

    /// How long these took, from their head to their answer.
    long successNanos() {
      return successNanos.sum();
    }

    /// Requests that were refused, or failed.
    long failures() {
      return failures.sum();
    }

    long failureNanos() {
      return failureNanos.sum();
    }

    /// The rows of the answered requests.
    long rows() {
      return rows.sum();
    }

    /// When the last one was answered, in milliseconds since 1970; 0 if none was.
    long lastMillis() {
      return lastMillis;
    }
  }

  @Autowired
  InferenceCounts() {
    this(Clock.systemUTC(), System::nanoTime);
  }

  /// @param nanos a clock for durations
  InferenceCounts(Clock clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
  }

  /// What was counted of a model.
  Count of(ServedModel model) {
    return counts.getOrDefault(key(model), new Count());
  }

  /// The same request, counted when it ends.
  ///
  /// @param request tells how many rows it has
  <T extends Answered> Mono<T> counted(ServedModel model, Mono<T> request) {
    return Mono.defer(() -> {
      long begun = nanos.getAsLong();
      return request
          .doOnNext(answer -> {
            Count count = count(model);
            count.successNanos.add(nanos.getAsLong() - begun);
            count.successes.increment();
            count.rows.add(answer.rows());
            count.lastMillis = clock.millis();
          })
          .doOnError(_ -> {
            Count count = count(model);
            count.failureNanos.add(nanos.getAsLong() - begun);
            count.failures.increment();
          });
    });
  }

  /// An answer before it is written.
  interface Answered {
    /// How many rows it has.
    int rows();
  }

  private Count count(ServedModel model) {
    Key key = key(model);
    Count known = counts.get(key);
    if (known != null) {
      return known;
    }
    if (counts.size() >= MOST) {
      counts.keySet().stream().findFirst().ifPresent(counts::remove);
    }
    return counts.computeIfAbsent(key, _ -> new Count());
  }

  private static Key key(ServedModel model) {
    Revision revision = model.normalizer().revision();
    return new Key(
        model.normalizer().name().value(),
        revision.incarnation(),
        model.live() ? Optional.empty() : Optional.of(model.version()));
  }
}
