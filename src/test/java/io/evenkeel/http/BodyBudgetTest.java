package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.http.RequestException.Busy;
import io.evenkeel.http.RequestException.TooManyRequests;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  private static final long MOST = 1 << 20;
  private static final long HALF = MOST / 2;
  private static final long EACH = BodyBudget.OF_EACH;

  private final BodyBudget budget = new BodyBudget(MOST);

  private BodyShare share(String client, long body) {
    return new BodyShare(budget, client, body - EACH);
  }

  @Test
  void aClientHasHalfAndAllTogetherHaveAll() {
    BodyShare first = share("a", HALF);
    assertThat(budget.refuse("b", 0, HALF)).isEmpty();
    assertThat(budget.refuse("a", 0, EACH)).containsInstanceOf(TooManyRequests.class);
    assertThatThrownBy(() -> share("a", EACH)).isInstanceOf(TooManyRequests.class);
    share("b", HALF);
    assertThatThrownBy(() -> share("c", EACH)).isInstanceOf(Busy.class);
    first.end();
    share("c", HALF);
    assertThat(budget.held()).isEqualTo(MOST);
    assertThat(budget.refused()).isEqualTo(3);
  }

  @Test
  void whoIsAloneMayHaveMore() {
    BodyShare large = share("a", 3 * MOST);
    assertThat(budget.held()).isEqualTo(3 * MOST);
    assertThatThrownBy(() -> share("b", EACH)).isInstanceOf(Busy.class);
    large.end();
    large.end();
    assertThat(budget.held()).isZero();
    share("b", EACH);
  }

  @Test
  void whatWasNotDeclaredIsTakenAsItComes() {
    BodyShare grows = new BodyShare(budget, "a", -1);
    assertThat(budget.held()).isEqualTo(EACH);
    grows.hold(HALF - EACH);
    assertThat(budget.held()).isEqualTo(HALF);
    share("b", HALF);
    assertThatThrownBy(() -> grows.hold(HALF)).isInstanceOf(Busy.class);
    grows.end();
    assertThat(budget.held()).isEqualTo(HALF);
  }

  @Test
  void ratesAreOfEachClient() {
    ClientRates rates = new ClientRates(2);
    long now = Long.MAX_VALUE - 5;
    rates.count("a", now);
    assertThat(rates.refuse("a", now)).isEmpty();
    rates.count("a", now);
    assertThat(rates.refuse("a", now)).isPresent();
    assertThat(rates.refuse("b", now)).isEmpty();
    assertThatThrownBy(() -> rates.count("a", now))
        .isInstanceOf(TooManyRequests.class)
        .hasMessageContaining("more than 2 requests a second");
    rates.count("b", now);
    rates.count("a", now + 500_000_000L);
    assertThatThrownBy(() -> rates.count("a", now + 500_000_000L))
        .isInstanceOf(TooManyRequests.class);
    rates.count("a", now + 5_000_000_000L);
    rates.count("a", now + 5_000_000_000L);
    assertThat(rates.refused()).isEqualTo(3);
  }
}
