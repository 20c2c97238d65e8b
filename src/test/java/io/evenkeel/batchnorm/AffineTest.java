package io.evenkeel.batchnorm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.batchnorm.moments.FeatureColumn;
import org.junit.jupiter.api.Test;

/// γ and β as a value.
class AffineTest {

  @Test
  void identityIsGammaOneAndBetaZero() {
    assertTrue(Affine.identity(3).isIdentity());
    assertEquals(Affine.identity(2), Affine.of(new double[] {1, 1}, new double[] {0, 0}));
    assertFalse(Affine.of(new double[] {1, 1}, new double[] {0, 1e-300}).isIdentity());
    assertFalse(Affine.of(new double[] {1, 1.5}, new double[2]).isIdentity());
    assertFalse(Affine.of(new double[] {1, 1}, new double[] {-0.0, -0.0}).isIdentity());
    assertFalse(Affine.of(new double[] {2, 2}, new double[2]).isIdentity());
    assertNotEquals(Affine.identity(2), Affine.identity(3));
  }

  @Test
  void arraysAreCopiedBothWays() {
    double[] gamma = {2, 3};
    Affine affine = Affine.of(gamma, new double[] {4, 5});
    gamma[0] = 7;
    affine.gamma()[1] = 7;
    affine.beta()[1] = 7;
    assertArrayEquals(new double[] {2, 3}, affine.gamma());
    assertEquals(5, affine.beta(1));
    assertEquals(2, affine.features());
    assertEquals(affine, Affine.of(new double[] {2, 3}, new double[] {4, 5}));
    assertEquals(affine.hashCode(), Affine.of(new double[] {2, 3}, new double[] {4, 5}).hashCode());
  }

  @Test
  void lengthsMustAgree() {
    assertThrows(IllegalArgumentException.class, () -> Affine.of(new double[2], new double[3]));
    FeatureColumn two = FeatureColumn.filled(2, 1);
    FeatureColumn three = FeatureColumn.filled(3, 1);
    assertThrows(IllegalArgumentException.class, () -> Affine.of(two, three));
  }
}
