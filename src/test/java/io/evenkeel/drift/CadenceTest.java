package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// How many groups may end.
class CadenceTest {
  private static final long DAY = 86_400_000;

  private static int groups(Cadence cadence, long from, long to, long step) {
    int groups = 0;
    for (long now = from; now < to; now += step) {
      groups += cadence.allows(now) ? 1 : 0;
    }
    return groups;
  }

  @Test
  void aThousandGroupsMayEndAtOnce() {
    Cadence cadence = new Cadence(0);
    assertThat(groups(cadence, 0, 5_000, 1)).isEqualTo(1_000);
  }

  /// 1,000 at once and one each ten seconds: 86,400 / 10 more.
  @Test
  void noDayHasMoreGroupsThanAreCountedOn() {
    Cadence cadence = new Cadence(0);
    assertThat(groups(cadence, 0, DAY, 100)).isEqualTo(9_639).isLessThan(9_640);
    assertThat(groups(cadence, DAY, 2 * DAY, 100)).isEqualTo(8_640);
  }

  @Test
  void aClockThatIsSetBackGivesNothing() {
    Cadence cadence = new Cadence(DAY);
    groups(cadence, DAY, DAY + 2_000, 1);
    assertThat(cadence.allows(0)).isFalse();
    assertThat(cadence.allows(5_000)).isFalse();
    assertThat(cadence.allows(10_000)).isTrue();
  }
}
