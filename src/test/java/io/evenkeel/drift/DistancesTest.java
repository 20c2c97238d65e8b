package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Distances of distributions. Those of normal distributions are compared with the integrals that
/// define them, by `scipy.integrate.quad` of SciPy 1.17.1.
class DistancesTest {
  private static final float[] REFERENCE = {10, 20, 30, 40};
  private static final float[] LIVE = {25, 25, 25, 25};

  @ParameterizedTest
  @CsvSource({
    "0.5, 1, 0.17540457668959458, 0.5",
    "0, 2.25, 0.19806836488817986, 0.5",
    "1, 4, 0.3862570877632667, 1.4142135623730951",
    "0, 1, 0, 0",
    "0, 0, 1, 1"
  })
  void normalDistributionsAreThisFarApart(
      double mean, double variance, double hellinger, double wasserstein) {
    assertThat(Distances.hellinger(mean, variance)).isCloseTo(hellinger, within(1e-11));
    assertThat(Distances.wasserstein(mean, variance)).isCloseTo(wasserstein, within(1e-15));
  }

  /// numpy 2.4.6: `((P - Q) * np.log(P / Q)).sum() - 3 * (1/100 + 1/100)`, half a row more in each.
  @Test
  void thePopulationStabilityIndexIsLessItsBias() {
    assertThat(Distances.stability(REFERENCE, LIVE, 0, 4, 100))
        .isCloseTo(0.1579942131527476, within(1e-15));
  }

  /// Equal shares: nothing but the bias, 3 (1/100 + 1/200).
  @Test
  void equalSharesAreLessThanNoDistance() {
    float[] twice = {50, 50, 50, 50};
    assertThat(Distances.stability(LIVE, twice, 0, 4, 200)).isCloseTo(-0.045, within(1e-15));
    assertThat(Distances.kolmogorovSmirnov(LIVE, twice, 0, 4)).isZero();
  }

  /// By hand: 0.1 and 0.25, 0.3 and 0.5, 0.6 and 0.75. `scipy.stats.ks_2samp` has 0.2, too.
  @Test
  void theKolmogorovSmirnovDistanceIsTheGreatestOfTheCumulatedShares() {
    assertThat(Distances.kolmogorovSmirnov(REFERENCE, LIVE, 0, 4)).isCloseTo(0.2, within(1e-15));
  }
}
