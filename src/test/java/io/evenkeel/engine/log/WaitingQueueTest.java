package io.evenkeel.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.engine.log.WaitingQueue.Limits;
import io.evenkeel.engine.log.WaitingQueue.Offer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class WaitingQueueTest {
  private final WaitingQueue queue =
      new WaitingQueue(new Limits(2, 1 << 20), new Limits(1, 1 << 20));

  private Offer offer() {
    Offer[] offer = new Offer[1];
    var _ =
        Mono.create(caller -> offer[0] = queue.offer(new Waiting.Read(caller, _ -> {})))
            .subscribe();
    return offer[0];
  }

  @Test
  void itIsFullWhenNothingMoreWouldBeTaken() {
    assertThat(queue.isFull()).isFalse();
    assertThat(offer()).isEqualTo(Offer.TAKEN);
    assertThat(queue.isFull()).isFalse();
    assertThat(offer()).isEqualTo(Offer.TAKEN);
    assertThat(queue.isFull()).isTrue();
    assertThat(offer()).isEqualTo(Offer.FULL);
    assertThat(queue.take(0).orElseThrow()).hasSize(1);
    assertThat(queue.isFull()).isFalse();
    assertThat(queue.depth()).isEqualTo(1);
    assertThat(queue.suspend()).hasSize(1);
    assertThat(queue.isFull()).isFalse();
    assertThat(offer()).isEqualTo(Offer.REFUSED);
  }
}
