package io.evenkeel.surface.batches;

import io.evenkeel.normalization.Work;
import io.evenkeel.normalizer.NormalizationException.OutOfTurn;
import io.evenkeel.normalizer.Succession;
import io.evenkeel.surface.batches.BatchUnderWay.State;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/// Takes batches through their [BatchSteps], several at a time, and hands their answers on in the
/// order of the batches. Batches are handed to the log strictly one after the other. The first
/// failure ends the stream; no batch behind it counts, which the log makes sure of, see
/// [Succession].
///
/// ```
/// WAITING -> PREPARING -> UNDER_WAY -> ANSWERED -> handed on, and held until it is written
///    ^           |            |
///    |           v            v
///    +--------- FAILED ------>+   if it may count later: once it is the first, and no other is
///                                 under way. Then the first goes alone.
/// ```
///
/// All of this happens on one worker, one signal after the other, so nothing here is locked.
///
/// @param <B> a batch
/// @param <P> a piece of an answer
final class BatchesUnderWay<B, P> extends Flux<Flux<P>> {
  /// So many batches are held, however large they are.
  private static final int ALWAYS = 2;

  /// More batches are held as long as they take fewer bytes together. The work on larger batches
  /// takes longer than the way to any log.
  private static final long MOST_BYTES = 2 << 20;

  private final Flux<B> batches;
  private final BatchSteps<B, P> steps;
  private final int mostHeld;
  private final int mostAhead;
  private final Scheduler scheduler;

  /// @param mostHeld the most batches that are read and whose answers are not written yet
  /// @param mostAhead the most batches whose results are waited for at once
  /// @param scheduler never blocks
  BatchesUnderWay(
      Flux<B> batches, BatchSteps<B, P> steps, int mostHeld, int mostAhead, Scheduler scheduler) {
    this.batches = batches;
    this.steps = steps;
    this.mostHeld = mostHeld;
    this.mostAhead = mostAhead;
    this.scheduler = scheduler;
  }

  @Override
  public void subscribe(CoreSubscriber<? super Flux<P>> downstream) {
    batches.subscribe(new Run(downstream));
  }

  private final class Run implements CoreSubscriber<B>, Subscription {
    private final CoreSubscriber<? super Flux<P>> downstream;
    private final Scheduler.Worker worker = scheduler.createWorker();
    private final Deque<BatchUnderWay<B, P>> line = new ArrayDeque<>();
    private @Nullable Subscription upstream;
    private volatile boolean over;
    private boolean reading;
    private boolean ended;
    private @Nullable Throwable failure;
    private long demand;
    private int held;
    private long heldBytes;
    private long lastBytes;
    private int ahead = mostAhead;
    private Succession succession = new Succession();
    private long place;

    Run(CoreSubscriber<? super Flux<P>> downstream) {
      this.downstream = downstream;
    }

    /// Takes a signal, in the order in which signals come, and does what has become possible.
    private void on(Runnable signal) {
      worker.schedule(() -> {
        if (over) {
          return;
        }
        try {
          Work.run(() -> {
            signal.run();
            goOn();
          });
        } catch (RuntimeException e) {
          fail(e);
        } catch (Error e) {
          fail(e);
          throw e;
        }
      });
    }

    @Override
    public Context currentContext() {
      return downstream.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      upstream = subscription;
      downstream.onSubscribe(this);
      on(() -> {});
    }

    @Override
    public void onNext(B batch) {
      on(() -> {
        reading = false;
        lastBytes = steps.bytes(batch);
        held++;
        heldBytes += lastBytes;
        line.add(new BatchUnderWay<>(batch, lastBytes));
      });
    }

    /// A failure of the body comes last and overtakes no batch.
    @Override
    public void onError(Throwable error) {
      on(() -> {
        ended = true;
        failure = error;
      });
    }

    @Override
    public void onComplete() {
      on(() -> ended = true);
    }

    @Override
    public void request(long more) {
      if (Operators.validate(more)) {
        on(() -> demand = Operators.addCap(demand, more));
      }
    }

    @Override
    public void cancel() {
      over = true;
      worker.schedule(this::letGo);
    }

    private void fail(Throwable error) {
      over = true;
      letGo();
      downstream.onError(error);
    }

    private void letGo() {
      if (upstream != null) {
        upstream.cancel();
      }
      line.forEach(BatchUnderWay::letGo);
      line.clear();
    }

    private void goOn() {
      handOn();
      if (!over && !line.isEmpty() && line.peek().state() == State.FAILED) {
        resolve(line.peek());
      }
      if (!over) {
        beginNext();
      }
      if (!over && ended && line.isEmpty()) {
        over = true;
        if (failure == null) {
          downstream.onComplete();
        } else {
          downstream.onError(failure);
        }
      }
      if (!over) {
        readNext();
      }
    }

    private void handOn() {
      while (demand > 0 && !line.isEmpty() && line.peek().state() == State.ANSWERED) {
        BatchUnderWay<B, P> first = line.remove();
        demand--;
        downstream.onNext(first.answer().doFinally(_ -> on(() -> written(first))));
        if (over) {
          return;
        }
        if (first.last().isPresent()) {
          fail(first.last().get());
          return;
        }
      }
    }

    private void written(BatchUnderWay<B, P> batch) {
      held--;
      heldBytes -= batch.bytes();
    }

    private void resolve(BatchUnderWay<B, P> first) {
      Throwable error = first.failure();
      boolean later = !first.isAlone() && steps.mayCountLater(error);
      Optional<B> remainder = later ? Optional.empty() : steps.remainder(first.batch(), error);
      if (!later && remainder.isEmpty()) {
        fail(error);
        return;
      }
      if (line.stream().anyMatch(BatchUnderWay::isPending)) {
        return; // they will fail: the log takes nothing behind the first
      }
      line.forEach(BatchUnderWay::waitAgain);
      succession = new Succession();
      place = 0;
      ahead = 1;
      remainder.ifPresent(rest -> first.replaceBy(rest, error));
      if (remainder.isPresent() || !(error instanceof OutOfTurn)) {
        begin(first, steps.alone(first.batch()).map(Mono::just), true);
      }
    }

    /// One batch is prepared at a time, and only while none has failed.
    private void beginNext() {
      int pending = 0;
      for (BatchUnderWay<B, P> batch : line) {
        if (batch.state() == State.WAITING && pending < ahead) {
          begin(batch, steps.prepare(batch.batch(), succession.at(place++)), false);
          return;
        }
        if (batch.state() != State.ANSWERED && batch.state() != State.UNDER_WAY) {
          return;
        }
        pending += batch.isPending() ? 1 : 0;
      }
    }

    private void begin(
        BatchUnderWay<B, P> batch, Mono<Mono<Supplier<Flux<P>>>> preparing, boolean alone) {
      batch.begin(alone);
      await(batch, preparing, counting -> count(batch, counting));
    }

    private void count(BatchUnderWay<B, P> batch, Mono<Supplier<Flux<P>>> counting) {
      if (line.stream().anyMatch(other -> other.state() == State.FAILED)) {
        // one in front of it: the log would take nothing behind that one
        batch.waitAgain();
        return;
      }
      batch.count();
      await(
          batch,
          counting,
          answer -> {
            batch.answer(answer);
            ahead = Math.min(mostAhead, ahead + 1);
          });
    }

    private <T> void await(BatchUnderWay<B, P> batch, Mono<T> step, Consumer<T> result) {
      batch.awaits(
          step.switchIfEmpty(Mono.error(() -> new IllegalStateException("a batch has no result")))
              .contextWrite(downstream.currentContext())
              .subscribe(
                  value -> on(() -> result.accept(value)), error -> on(() -> batch.fail(error))));
    }

    private void readNext() {
      boolean hasRoom = held < ALWAYS || (held < mostHeld && heldBytes + lastBytes <= MOST_BYTES);
      if (!reading && !ended && hasRoom && upstream != null) {
        reading = true;
        upstream.request(1);
      }
    }
  }
}
