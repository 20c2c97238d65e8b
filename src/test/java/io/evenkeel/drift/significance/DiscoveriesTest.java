package io.evenkeel.drift.significance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Which p-values are discoveries. Python 3, p · 5 · 2 / (1 + k / (1 + 1/2 + 1/3 + 1/4 + 1/5)) for
/// the sorted values, and the least of these from each k on: 1e-6, 3e-4, 4e-4, 0.2 and 0.9 are
/// adjusted to 6.9543e-6, 1.5992e-3, 1.7287e-3, 0.72679 and above 1.
class DiscoveriesTest {
  private final Discoveries ofFive = new Discoveries(5);

  private long found(double level, double... p) {
    double threshold = ofFive.threshold(p, p.length, level);
    return Arrays.stream(p).filter(value -> value <= threshold).count();
  }

  private long found(double level) {
    return found(level, 0.2, 4e-4, 1e-6, 3e-4, 0.9);
  }

  @Test
  void thoseWhoseAdjustedValueIsBelowTheLevelAreFound() {
    assertThat(found(6.9e-6)).isEqualTo(0);
    assertThat(found(7.0e-6)).isEqualTo(1);
    assertThat(found(0.00159)).isEqualTo(1);
    assertThat(found(0.00160)).isEqualTo(2);
    assertThat(found(0.00172)).isEqualTo(2);
    assertThat(found(0.00173)).isEqualTo(3);
    assertThat(found(0.726)).isEqualTo(3);
    assertThat(found(0.727)).isEqualTo(4);
  }

  @Test
  void featuresThatAreLeftOutCountAsTests() {
    assertThat(found(7.0e-6, 1e-6)).isEqualTo(1);
    assertThat(found(6.9e-6, 1e-6)).isEqualTo(0);
    assertThat(ofFive.threshold(new double[0], 0, 1)).isEqualTo(-1);
  }

  /// The condition under which the level holds for any dependence (Blanchard and Roquain 2008): the
  /// steps of β, each divided by its k, are a distribution. A single feature is as simple as that.
  @Test
  void theStepsOfTheBoundAreADistribution() {
    for (int features : new int[] {1, 2, 6, 1_000}) {
      Discoveries discoveries = new Discoveries(features);
      double sum = 0;
      double before = 0;
      for (int k = 1; k <= features; k++) {
        double beta = discoveries.threshold(new double[k], k, 1) * features;
        sum += (beta - before) / k;
        before = beta;
      }
      assertThat(sum).isCloseTo(1, within(1e-12));
    }
    assertThat(new Discoveries(1).threshold(new double[1], 1, 0.01)).isEqualTo(0.01);
  }
}
