package io.evenkeel.engine.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.engine.sqlite.WaitingQueue.Limits;
import io.evenkeel.engine.sqlite.WaitingQueue.Offer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class WaitingQueueTest {
  private final WaitingQueue queue =
      new WaitingQueue(new Limits(2, 1 << 20), new Limits(1, 1 << 20));

  private Offer offer() {
    Offer[] offer = new Offer[1];
    var _ =
        Mono.<java.util.List<io.evenkeel.normalizer.AuditEntry>>create(caller ->
                offer[0] =
                    queue.offer(
                        new Waiting.ReadAudit(Optional.empty(), Optional.empty(), 1, caller)))
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
