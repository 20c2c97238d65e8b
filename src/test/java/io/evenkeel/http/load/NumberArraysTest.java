package io.evenkeel.http.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Which arrays go from one request to another.
class NumberArraysTest {
  private static final int LENGTH = 1 << 18;

  private final MemoryLedger ledger = new MemoryLedger(1 << 30);

  private RequestMemory request() {
    return new RequestMemory(ledger, "a", 0);
  }

  @Test
  void anArrayGoesToTheNextRequestOfTheSameLengthOnce() {
    RequestMemory first = request();
    double[] array = first.numbers(LENGTH);
    first.reuse(array);
    first.end();
    assertThat(request().numbers(LENGTH + 1)).hasSize(LENGTH + 1);
    assertThat(request().numbers(LENGTH)).isSameAs(array);
    assertThat(request().numbers(LENGTH)).hasSize(LENGTH).isNotSameAs(array);
  }

  /// Otherwise two requests would write to it.
  @Test
  void noArrayIsGivenTwice() {
    RequestMemory first = request();
    double[] array = first.numbers(LENGTH);
    first.reuse(array);
    first.reuse(array);
    assertThat(request().numbers(LENGTH)).isSameAs(array);
    assertThat(request().numbers(LENGTH)).isNotSameAs(array);
  }

  @Test
  void anArrayThatIsNotOfTheMemoryIsLeftAlone() {
    RequestMemory first = request();
    double[] array = first.numbers(LENGTH);
    double[] other = new double[LENGTH];
    first.reuse(other);
    request().reuse(array);
    assertThat(request().numbers(LENGTH)).isNotSameAs(array).isNotSameAs(other);
  }

  /// A request that fails never says that it has done with its array.
  @Test
  void anArrayStaysWithARequestThatEndsWithoutAWord() {
    RequestMemory first = request();
    double[] array = first.numbers(LENGTH);
    first.end();
    assertThat(request().numbers(LENGTH)).isNotSameAs(array);
  }

  @Test
  void anArrayIsChargedWhetherItIsNewOrNot() {
    RequestMemory first = request();
    first.reuse(first.numbers(LENGTH));
    assertThat(ledger.held()).isEqualTo(MemoryLedger.OF_EACH + 8L * LENGTH);
    first.end();
    RequestMemory second = request();
    second.numbers(LENGTH);
    assertThat(ledger.held()).isEqualTo(MemoryLedger.OF_EACH + 8L * LENGTH);
  }

  /// 32 MB are 16 arrays of 2 MB; the oldest go first.
  @Test
  void noMoreThanTheMostAreKept() {
    NumberArrays arrays = new NumberArrays(32 << 20);
    double[] oldest = new double[LENGTH];
    arrays.giveBack(oldest);
    for (int i = 1; i < 17; i++) {
      arrays.giveBack(new double[LENGTH]);
    }
    for (int i = 0; i < 17; i++) {
      assertThat(arrays.take(LENGTH)).isNotSameAs(oldest);
    }
    arrays.giveBack(new double[(1 << 22) + 1]);
    double[] small = new double[100];
    arrays.giveBack(small);
    assertThat(arrays.take(100)).isNotSameAs(small);
  }
}
