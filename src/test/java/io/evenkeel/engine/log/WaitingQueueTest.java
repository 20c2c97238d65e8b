package io.evenkeel.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.engine.log.WaitingQueue.Limits;
import io.evenkeel.engine.log.WaitingQueue.Offer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class WaitingQueueTest {
  private static final Duration LONG = Duration.ofMinutes(1);

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
    assertThat(queue.take(0, () -> false, Duration.ZERO).orElseThrow()).hasSize(1);
    assertThat(queue.isFull()).isFalse();
    assertThat(queue.depth()).isEqualTo(1);
    assertThat(queue.suspend()).hasSize(1);
    assertThat(queue.isFull()).isFalse();
    assertThat(offer()).isEqualTo(Offer.REFUSED);
  }

  private static WaitingQueue ofGroups(int most) {
    return new WaitingQueue(new Limits(100, 1 << 20), new Limits(most, 1 << 20));
  }

  private static void offer(WaitingQueue queue) {
    var _ = Mono.create(caller -> queue.offer(new Waiting.Read(caller, _ -> {}))).subscribe();
  }

  @Test
  void aGroupGrowsUntilItIsToldNotTo() throws Exception {
    WaitingQueue growing = ofGroups(10);
    offer(growing);
    AtomicBoolean grows = new AtomicBoolean(true);
    CountDownLatch waits = new CountDownLatch(1);
    var group =
        CompletableFuture.supplyAsync(() ->
            growing.take(
                0,
                () -> {
                  waits.countDown();
                  return grows.get();
                },
                LONG));
    assertThat(waits.await(30, TimeUnit.SECONDS)).isTrue();
    offer(growing);
    grows.set(false);
    growing.growNoLonger();
    assertThat(group.get(10, TimeUnit.SECONDS).orElseThrow()).hasSize(2);
  }

  @Test
  void aGroupThatIsLargeOrHasNoTimeDoesNotGrow() {
    WaitingQueue growing = ofGroups(2);
    offer(growing);
    assertThat(growing.take(0, () -> true, Duration.ZERO).orElseThrow()).hasSize(1);
    offer(growing);
    offer(growing);
    assertThat(growing.take(0, () -> true, LONG).orElseThrow()).hasSize(2);
    WaitingQueue large = ofGroups(100);
    for (int i = 0; i < 8; i++) {
      offer(large);
    }
    assertThat(large.take(0, () -> true, LONG).orElseThrow()).hasSize(8);
  }

  @Test
  void aGroupThatGrowsGoesOnceItIsFull() throws Exception {
    WaitingQueue growing = ofGroups(3);
    offer(growing);
    CountDownLatch waits = new CountDownLatch(1);
    var group =
        CompletableFuture.supplyAsync(() ->
            growing.take(
                0,
                () -> {
                  waits.countDown();
                  return true;
                },
                LONG));
    assertThat(waits.await(30, TimeUnit.SECONDS)).isTrue();
    offer(growing);
    offer(growing);
    assertThat(group.get(10, TimeUnit.SECONDS).orElseThrow()).hasSize(3);
  }

  @Test
  void aQueueThatIsClosedLetsNothingGrow() {
    WaitingQueue growing = ofGroups(10);
    offer(growing);
    growing.close();
    assertThat(growing.take(0, () -> true, LONG).orElseThrow()).hasSize(1);
    assertThat(growing.take(0, () -> true, LONG)).isEmpty();
  }
}
