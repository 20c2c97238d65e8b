package io.evenkeel.drift.significance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Which p-values are discoveries. SciPy 1.17.1, `false_discovery_control([1e-6, 0.2, 3e-4, 4e-4,
/// 0.9], method='by')`, adjusts them to 1.1417e-5, 0.5708, 1.5222e-3, 1.5222e-3 and 1.
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
    assertThat(found(1.1e-5)).isEqualTo(0);
    assertThat(found(1.2e-5)).isEqualTo(1);
    assertThat(found(0.0015)).isEqualTo(1);
    assertThat(found(0.0016)).isEqualTo(3);
    assertThat(found(0.58)).isEqualTo(4);
  }

  @Test
  void featuresThatAreLeftOutCountAsTests() {
    assertThat(found(1.2e-5, 1e-6)).isEqualTo(1);
    assertThat(found(1.1e-5, 1e-6)).isEqualTo(0);
    assertThat(ofFive.threshold(new double[0], 0, 1)).isEqualTo(-1);
  }
}
