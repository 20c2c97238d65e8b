package io.evenkeel.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.ServiceUnderTest;
import io.evenkeel.normalization.BatchTraces;
import io.evenkeel.normalization.BatchTraces.Step;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Mono;

/// Without an endpoint nothing is made: no thread, no client, and each step is the work itself.
@ServiceUnderTest
class UntracedTest {
  @Autowired private BatchTraces traces;

  @Test
  void nothingIsTraced() {
    assertThat(traces).isSameAs(BatchTraces.NONE);
    assertThat(traces.isOn()).isFalse();
    Mono<Integer> work = Mono.just(1);
    for (Step step : Step.values()) {
      assertThat(traces.step(step, work)).isSameAs(work);
    }
  }
}
