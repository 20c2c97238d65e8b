package io.evenkeel.http.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.http.ClientRates;
import io.evenkeel.http.problem.RequestException.Busy;
import io.evenkeel.http.problem.RequestException.NeverFits;
import io.evenkeel.http.problem.RequestException.TooManyRequests;
import org.junit.jupiter.api.Test;

class MemoryLedgerTest {
  private static final long MOST = 16 << 20;
  private static final long QUARTER = MOST / 4;
  private static final long EACH = MemoryLedger.OF_EACH;

  private final MemoryLedger ledger = new MemoryLedger(MOST);

  private RequestMemory request(String client, long bytes) {
    return new RequestMemory(ledger, client, bytes - EACH);
  }

  @Test
  void aClientHasHalfAndAllTogetherHaveAll() {
    RequestMemory first = request("a", QUARTER);
    assertThat(ledger.refuse("b", 0, QUARTER)).isEmpty();
    assertThat(ledger.refuse("a", 0, QUARTER)).containsInstanceOf(TooManyRequests.class);
    assertThatThrownBy(() -> request("a", QUARTER)).isInstanceOf(TooManyRequests.class);
    request("b", QUARTER);
    request("c", QUARTER);
    assertThatThrownBy(() -> request("d", QUARTER)).isInstanceOf(Busy.class);
    first.end();
    request("d", QUARTER);
    assertThat(ledger.held()).isEqualTo(3 * QUARTER);
    assertThat(ledger.refused()).isEqualTo(3);
  }

  @Test
  void largeRequestsLeaveTheLastQuarterToSmallOnes() {
    request("a", 3 * QUARTER);
    assertThatThrownBy(() -> request("b", MemoryLedger.SMALL + 1)).isInstanceOf(Busy.class);
    for (long bytes = 0; bytes < QUARTER; bytes += MemoryLedger.SMALL) {
      request("b" + bytes, MemoryLedger.SMALL);
    }
    assertThat(ledger.held()).isEqualTo(MOST);
    assertThatThrownBy(() -> request("c", EACH)).isInstanceOf(Busy.class);
  }

  @Test
  void aClientsLargeRequestsLeaveRoomForItsSmallOnes() {
    request("a", QUARTER);
    request("a", QUARTER / 2);
    assertThatThrownBy(() -> request("a", MemoryLedger.SMALL + 1))
        .isInstanceOf(TooManyRequests.class);
    request("a", MemoryLedger.SMALL);
  }

  @Test
  void whatNeverFitsIsToldWhatWould() {
    assertThatThrownBy(() -> request("a", 3 * QUARTER + 1))
        .isInstanceOf(NeverFits.class)
        .hasMessageContaining("more than " + 3 * QUARTER + " bytes");
    RequestMemory grows = request("a", EACH);
    assertThatThrownBy(() -> grows.take(3 * QUARTER)).isInstanceOf(NeverFits.class);
    grows.take(3 * QUARTER - EACH);
    grows.end();
    grows.end();
    assertThat(ledger.held()).isZero();
  }

  @Test
  void whatWasNotDeclaredIsEnteredAsItIsTakenAndLeavesAsItIsGivenBack() {
    RequestMemory grows = new RequestMemory(ledger, "a", -1);
    assertThat(ledger.held()).isEqualTo(EACH);
    grows.take(QUARTER);
    assertThat(ledger.held()).isEqualTo(QUARTER + EACH);
    request("b", QUARTER);
    request("c", QUARTER - EACH);
    assertThatThrownBy(() -> grows.take(1)).isInstanceOf(Busy.class);
    grows.giveBack(QUARTER);
    assertThat(ledger.held()).isEqualTo(2 * QUARTER);
    grows.end();
    assertThat(ledger.held()).isEqualTo(2 * QUARTER - EACH);
  }

  @Test
  void whatWasDeclaredIsEnteredOnce() {
    RequestMemory declared = request("a", QUARTER);
    declared.take(QUARTER - EACH);
    assertThat(ledger.held()).isEqualTo(QUARTER);
    declared.giveBack(QUARTER - EACH);
    assertThat(ledger.held()).isEqualTo(QUARTER);
    declared.end();
    declared.take(QUARTER);
    assertThat(ledger.held()).isZero();
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
