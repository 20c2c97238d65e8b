package io.evenkeel.drift.significance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tails of Student's t, against `2 * scipy.stats.t.sf(t, freedom)` of SciPy 1.17.1.
class StudentTTest {
  @ParameterizedTest
  @CsvSource({
    "0.5, 1, 0.7048327646991335",
    "1, 1, 0.5",
    "2, 9, 0.07655282377070101",
    "15.8, 9, 7.178223946870214e-08",
    "-15.8, 9, 7.178223946870214e-08",
    "5, 30, 2.32966854670078e-05",
    "8, 255, 4.376413795445038e-14",
    "40, 255, 7.081271183275225e-112",
    "0.001, 4, 0.99925000015625",
    "100, 7, 2.635297977043105e-12"
  })
  void tailsAreThoseOfScipy(double t, int freedom, double tail) {
    assertThat(StudentT.twoSided(t, freedom)).isCloseTo(tail, within(1e-11 * tail));
  }

  @Test
  void noDifferenceIsNoEvidenceAndAnInfiniteOneIsCertain() {
    assertThat(StudentT.twoSided(0, 9)).isEqualTo(1);
    assertThat(StudentT.twoSided(Double.NaN, 9)).isEqualTo(1);
    assertThat(StudentT.twoSided(Double.NEGATIVE_INFINITY, 9)).isEqualTo(0);
  }
}
