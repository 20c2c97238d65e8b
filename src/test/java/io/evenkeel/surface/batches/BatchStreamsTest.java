package io.evenkeel.surface.batches;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class BatchStreamsTest {

  /// Whatever the client is not ready for is not even read, but for the next one.
  @Test
  void noMoreThanOneStepIsReadAheadOfThePermits() {
    AtomicInteger read = new AtomicInteger();
    List<Integer> permitted = new ArrayList<>();
    Sinks.Many<Boolean> permits = Sinks.many().unicast().onBackpressureBuffer();
    Flux<Integer> steps = Flux.range(0, 100).doOnNext(_ -> read.incrementAndGet());
    BatchStreams.permitted(steps, permits.asFlux()).subscribe(permitted::add);
    assertThat(read).hasValue(1);
    permits.tryEmitNext(true).orThrow();
    permits.tryEmitNext(true).orThrow();
    assertThat(permitted).containsExactly(0, 1);
    assertThat(read).hasValue(3);
  }
}
