package io.evenkeel.surface.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.normalizer.NormalizationException.DefinitionChanged;
import io.evenkeel.normalizer.NormalizationException.OutOfTurn;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Succession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/// One thread plays all parts: the worker goes on when it is told to, and each batch counts or
/// fails when the test says so. A batch is its index, and so is the one piece of its answer.
class BatchesUnderWayTest {
  private static final NormalizerName NAME = new NormalizerName("payments");

  private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
  private final AtomicLong read = new AtomicLong();
  private final List<Long> handedToLog = new ArrayList<>();
  private final List<Long> aloneOnes = new ArrayList<>();
  private final Map<Long, Sinks.One<Long>> waiting = new LinkedHashMap<>();
  private final List<Flux<Long>> unwritten = new ArrayList<>();
  private final List<Long> answered = new ArrayList<>();
  private final Map<Long, Long> remainders = new LinkedHashMap<>();
  private long size = 1;
  private @Nullable Throwable failure;
  private boolean completed;

  private final BatchSteps<Long, Long> steps =
      new BatchSteps<>() {
        @Override
        public Mono<Mono<Supplier<Flux<Long>>>> prepare(Long batch, Succession.Place place) {
          return Mono.just(counted(batch, handedToLog));
        }

        @Override
        public Mono<Supplier<Flux<Long>>> alone(Long batch) {
          return counted(batch, aloneOnes);
        }

        private Mono<Supplier<Flux<Long>>> counted(Long batch, List<Long> how) {
          return Mono.defer(() -> {
            how.add(batch);
            Sinks.One<Long> result = Sinks.one();
            waiting.put(batch, result);
            return result.asMono().map(done -> () -> Flux.just(done));
          });
        }

        @Override
        public boolean mayCountLater(Throwable error) {
          return error instanceof DefinitionChanged || error instanceof OutOfTurn;
        }

        @Override
        public Optional<Long> remainder(Long batch, Throwable error) {
          return Optional.ofNullable(remainders.remove(batch));
        }

        @Override
        public long bytes(Long batch) {
          return size;
        }
      };

  private void run(long batches, int held, int ahead) {
    new BatchesUnderWay<>(
            Flux.fromStream(java.util.stream.LongStream.range(0, batches).boxed())
                .doOnNext(_ -> read.incrementAndGet()),
            steps,
            held,
            ahead,
            scheduler)
        .subscribe(unwritten::add, error -> failure = error, () -> completed = true);
    scheduler.advanceTime();
  }

  private void counts(long... batches) {
    for (long batch : batches) {
      waiting.remove(batch).tryEmitValue(batch).orThrow();
      scheduler.advanceTime();
    }
  }

  private void fails(Throwable error, long... batches) {
    for (long batch : batches) {
      waiting.remove(batch).tryEmitError(error).orThrow();
      scheduler.advanceTime();
    }
  }

  private void writeAll() {
    while (!unwritten.isEmpty()) {
      unwritten.removeFirst().subscribe(answered::add);
      scheduler.advanceTime();
    }
  }

  @Test
  void asManyBatchesAreUnderWayAsAreHeldAndInOrder() {
    run(100, 8, 8);
    assertThat(handedToLog).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(read).hasValue(8);
    counts(1, 2);
    assertThat(unwritten).isEmpty();
    counts(0);
    assertThat(unwritten).hasSize(3);
    assertThat(read).as("read before the answers are written").hasValue(8);
    writeAll();
    assertThat(answered).containsExactly(0L, 1L, 2L);
    assertThat(handedToLog).endsWith(8L, 9L, 10L).hasSize(11);
  }

  /// 600 KB each: three have less than 2 MB together, four have not.
  @Test
  void fewerLargeBatchesAreHeld() {
    size = 600_000;
    run(100, 8, 8);
    assertThat(read).hasValue(3);
  }

  @Test
  void twoBatchesAreHeldHoweverLargeTheyAre() {
    size = Long.MAX_VALUE / 4;
    run(100, 8, 8);
    assertThat(read).hasValue(2);
  }

  @Test
  void oneGoesAfterTheOtherWhereOneAloneMayBeAhead() {
    run(3, 2, 1);
    assertThat(read).hasValue(2);
    assertThat(handedToLog).containsExactly(0L);
    counts(0);
    assertThat(handedToLog).containsExactly(0L, 1L);
    writeAll();
    counts(1);
    writeAll();
    counts(2);
    assertThat(completed).isTrue();
    writeAll();
    assertThat(answered).containsExactly(0L, 1L, 2L);
  }

  @Test
  void theFirstFailureEndsTheStreamBehindTheAnswersBeforeIt() {
    run(100, 8, 8);
    IllegalStateException third = new IllegalStateException("the third");
    fails(new IllegalStateException("the fourth"), 3);
    fails(third, 2);
    assertThat(failure).isNull();
    counts(1, 0);
    assertThat(failure).isSameAs(third);
    assertThat(unwritten).hasSize(2);
    assertThat(read).hasValue(8);
  }

  @Test
  void aBatchWhoseDefinitionChangedGoesAloneAndThoseBehindItComeAgainInOrder() {
    run(12, 8, 8);
    counts(0);
    writeAll();
    fails(new DefinitionChanged(NAME), 1);
    fails(new OutOfTurn(NAME), 2, 3, 4, 5, 6, 7);
    assertThat(aloneOnes).as("8 is still under way").isEmpty();
    fails(new OutOfTurn(NAME), 8);
    assertThat(aloneOnes).containsExactly(1L);
    handedToLog.clear();
    counts(1);
    assertThat(handedToLog).containsExactly(2L, 3L);
    counts(2);
    assertThat(handedToLog).containsExactly(2L, 3L, 4L, 5L);
    counts(3, 4, 5, 6, 7, 8);
    writeAll();
    counts(9, 10, 11);
    writeAll();
    assertThat(answered).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
    assertThat(completed).isTrue();
  }

  @Test
  void aBatchThatFailsAloneFailsTheStream() {
    run(12, 8, 8);
    fails(new DefinitionChanged(NAME), 0);
    fails(new OutOfTurn(NAME), 1, 2, 3, 4, 5, 6, 7);
    IllegalStateException refused = new IllegalStateException("refused");
    fails(refused, 0);
    assertThat(failure).isSameAs(refused);
    assertThat(handedToLog).hasSize(8);
  }

  @Test
  void whatIsLeftOfTheLastBatchIsAnsweredBeforeTheStreamFails() {
    run(3, 8, 8);
    remainders.put(2L, 20L);
    IllegalStateException refused = new IllegalStateException("refused");
    counts(0, 1);
    fails(refused, 2);
    assertThat(aloneOnes).containsExactly(20L);
    assertThat(failure).isNull();
    counts(20);
    assertThat(failure).isSameAs(refused);
    writeAll();
    assertThat(answered).containsExactly(0L, 1L, 20L);
  }
}
