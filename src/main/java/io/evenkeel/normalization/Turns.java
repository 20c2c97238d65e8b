package io.evenkeel.normalization;

import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizerName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/// The turns of batches at each normalizer of this replica. Most batches go together. One that must
/// find the state that it was made from goes alone: it waits for those before it, and those behind
/// it wait until it has ended. So nothing of this kind overtakes it again and again, and two of
/// them do not chase each other.
///
/// First come, first served. Holds one entry for each batch that has a turn or waits for one; at
/// most [#MOST_WAITING] wait for each normalizer, each for at most [#LONGEST_WAIT].
final class Turns {
  static final int MOST_WAITING = 1000;
  static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Map<NormalizerName, Line> lines = new ConcurrentHashMap<>();
  private final Scheduler scheduler;

  /// @param scheduler goes on with a batch that has waited. The thread that ends a turn does not,
  ///   or a long line would go on inside one call
  Turns(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  private static final class Turn {
    final boolean alone;
    final Sinks.Empty<Void> begin = Sinks.empty();
    final AtomicBoolean ended = new AtomicBoolean();
    boolean begun;

    Turn(boolean alone) {
      this.alone = alone;
    }
  }

  /// The batches at one normalizer; used under the lock of its entry in the map.
  private static final class Line {
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private int working;
    private boolean oneAlone;

    void enter(Turn turn) {
      if (waiting.isEmpty() && admits(turn)) {
        begin(turn);
      } else if (waiting.size() < MOST_WAITING) {
        waiting.add(turn);
      } else {
        throw new Overloaded();
      }
    }

    private boolean admits(Turn turn) {
      return working == 0 || !(oneAlone || turn.alone);
    }

    private void begin(Turn turn) {
      working++;
      oneAlone = turn.alone;
      turn.begun = true;
    }

    /// @return the turns that begin now
    List<Turn> leave(Turn turn) {
      if (turn.begun) {
        working--;
        oneAlone = false;
      } else {
        waiting.remove(turn);
      }
      List<Turn> next = new ArrayList<>();
      for (Turn first = waiting.peek(); first != null && admits(first); first = waiting.peek()) {
        begin(first);
        next.add(waiting.remove());
      }
      return next;
    }

    @Nullable Line unlessEmpty() {
      return working == 0 && waiting.isEmpty() ? null : this;
    }
  }

  /// Does work on a normalizer beside others who do the same.
  ///
  /// Fails with [Overloaded] if too many wait already, or if it has waited too long.
  <T> Mono<T> together(NormalizerName name, Mono<T> work) {
    return inTurn(name, false, work);
  }

  /// Does work on a normalizer while nobody else does.
  ///
  /// Fails with [Overloaded] if too many wait already, or if it has waited too long.
  <T> Mono<T> alone(NormalizerName name, Mono<T> work) {
    return inTurn(name, true, work);
  }

  private <T> Mono<T> inTurn(NormalizerName name, boolean alone, Mono<T> work) {
    return Mono.defer(() -> {
      Turn turn = new Turn(alone);
      return enter(name, turn)
          .then(work)
          .doOnTerminate(() -> end(name, turn))
          .doOnCancel(() -> end(name, turn));
    });
  }

  private Mono<Void> enter(NormalizerName name, Turn turn) {
    boolean[] begun = new boolean[1];
    lines.compute(
        name,
        (_, present) -> {
          Line line = present == null ? new Line() : present;
          line.enter(turn);
          begun[0] = turn.begun;
          return line;
        });
    return begun[0]
        ? Mono.empty()
        : turn.begin
            .asMono()
            .timeout(LONGEST_WAIT, Mono.error(Overloaded::new))
            .publishOn(scheduler);
  }

  private void end(NormalizerName name, Turn turn) {
    if (!turn.ended.compareAndSet(false, true)) {
      return;
    }
    List<Turn> next = new ArrayList<>();
    lines.computeIfPresent(
        name,
        (_, line) -> {
          next.addAll(line.leave(turn));
          return line.unlessEmpty();
        });
    next.forEach(each -> each.begin.tryEmitEmpty());
  }

  /// Whether nobody has a turn or waits for one.
  boolean isIdle() {
    return lines.isEmpty();
  }
}
