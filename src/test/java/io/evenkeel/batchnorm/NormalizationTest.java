package io.evenkeel.batchnorm;

import static io.evenkeel.batchnorm.Closeness.checkUlps;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.batchnorm.moments.ExactMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// y = γ clip((x − μ)/sqrt(σ² + ε)) + β: rounding, rules and edges.
class NormalizationTest {
  private static final double NAN = Double.NaN;
  private static final NormalizationRules PLAIN = Trainer.PLAIN;

  /// Each step rounds once: the result is within 3 ulp of exact arithmetic on the same statistics,
  /// whatever the shape of the batch and however large the mean.
  @ParameterizedTest
  @CsvSource({
    "1, 1", "3, 1", "600, 1", "1000, 3", "129, 4", "1, 64", "9, 64", "100, 65", "30, 300", "3, 512",
    "2, 513", "8, 1024", "3, 1500", "2, 5000", "0, 3"
  })
  void valuesAreExactToAFewUlpsForEveryShape(int rows, int features) {
    Random random = new Random(rows * 7L + features);
    double[] mean = new double[features];
    double[] low = new double[features];
    double[] variance = new double[features];
    for (int j = 0; j < features; j++) {
      mean[j] = random.nextGaussian() * Math.pow(10, random.nextInt(10));
      low[j] = Math.ulp(mean[j]) * (random.nextDouble() - 0.5);
      variance[j] = Math.exp(random.nextGaussian());
    }
    double[] x = new double[rows * features];
    Arrays.setAll(x, i -> mean[i % features] + random.nextGaussian());
    MeanAndVariance statistics = new MeanAndVariance(mean, low, variance);
    double[] y = new double[x.length];
    Normalization.of(statistics, Affine.identity(features), PLAIN).apply(x, y, rows);
    for (int i = 0; i < x.length; i += 1 + x.length / 3000) {
      int j = i % features;
      BigDecimal centred =
          new BigDecimal(x[i]).subtract(new BigDecimal(mean[j])).subtract(new BigDecimal(low[j]));
      BigDecimal root = new BigDecimal(variance[j]).sqrt(ExactMoments.DIGITS);
      checkUlps("y " + i, y[i], centred.divide(root, ExactMoments.DIGITS).doubleValue(), 3);
    }
  }

  @Test
  void wholeBatchAndSingleValuesAgreeToTheLastBitWhateverTheRules() {
    Random random = new Random(8);
    for (int round = 0; round < 300; round++) {
      int features = 1 + random.nextInt(round % 10 == 0 ? 1300 : 40);
      int rows = random.nextInt(40);
      NormalizationRules rules = randomRules(random);
      double[] gamma = random.doubles(features).map(g -> g - 0.5).toArray();
      double[] beta = random.doubles(features).map(b -> b - 0.5).toArray();
      double[] variance = random.doubles(features).map(v -> v < 0.2 ? 0 : v).toArray();
      double[] mean = random.doubles(features).toArray();
      Normalization normalization =
          Normalization.of(
              new MeanAndVariance(mean, new double[features], variance),
              Affine.of(gamma, beta),
              rules);
      double[] x = random.doubles((long) rows * features).map(v -> v < 0.1 ? NAN : v).toArray();
      double[] expected = new double[x.length];
      Arrays.setAll(expected, i -> normalization.apply(i % features, x[i]));
      double[] y = new double[x.length + 3];
      normalization.apply(x, y, rows);
      assertArrayEquals(expected, Arrays.copyOf(y, x.length));
      assertArrayEquals(new double[3], Arrays.copyOfRange(y, x.length, x.length + 3));
      normalization.apply(x, x, rows); // in place
      assertArrayEquals(expected, x);
    }
  }

  private static NormalizationRules randomRules(Random random) {
    ConstantFeature[] constants = ConstantFeature.values();
    MissingValues[] missing = MissingValues.values();
    return new NormalizationRules(
        random.nextBoolean(),
        random.nextBoolean(),
        1e-5,
        constants[random.nextInt(constants.length)],
        missing[random.nextInt(missing.length)],
        random.nextBoolean() ? OptionalDouble.of(0.7) : OptionalDouble.empty(),
        Activation.NONE);
  }

  /// Exact by hand: x̂ = (7 − 1)/2 = 3, clipped to 2.5 before γ = −2 and β = 1.
  @Test
  void clippingComesBeforeGammaAndBeta() {
    Affine affine = Affine.of(new double[] {-2}, new double[] {1});
    assertEquals(-4, value(affine, rules(true, true, OptionalDouble.of(2.5)), 7));
    assertEquals(6, value(affine, rules(true, true, OptionalDouble.of(2.5)), -1e308));
    assertEquals(-5, value(affine, rules(true, true, OptionalDouble.empty()), 7));
  }

  /// Mean 1 and variance 4.
  @Test
  void withoutCenterOrScaleTheOtherStepRemains() {
    Affine identity = Affine.identity(1);
    assertEquals(3.5, value(identity, rules(false, true, OptionalDouble.empty()), 7));
    assertEquals(6, value(identity, rules(true, false, OptionalDouble.empty()), 7));
    assertEquals(7, value(identity, rules(false, false, OptionalDouble.empty()), 7));
  }

  private static double value(Affine affine, NormalizationRules rules, double x) {
    return Normalization.of(statistics(1, 4), affine, rules).apply(0, x);
  }

  private static NormalizationRules rules(boolean center, boolean scale, OptionalDouble clip) {
    return new NormalizationRules(
        center, scale, 0, ConstantFeature.ONE, MissingValues.REJECT, clip, Activation.NONE);
  }

  /// The bound is (4 ulp(|mean|))²: at mean 1 a variance of (4 · 2⁻⁵²)² = 2⁻¹⁰⁰; one ulp above it
  /// the deviation is 2⁻⁵⁰ again and divides.
  @ParameterizedTest
  @CsvSource({"0x1p-100, 3, 0", "0x1.0000000000001p-100, 0x1.8p51, 0x1.8p51"})
  void featureIsConstantUpToFourUlpsOfItsMean(String variance, String byOne, String byZero) {
    MeanAndVariance statistics = statistics(1, Double.parseDouble(variance));
    Affine identity = Affine.identity(1);
    NormalizationRules zero = Trainer.rules(0, ConstantFeature.ZERO);
    double one = Normalization.of(statistics, identity, PLAIN).apply(0, 4);
    checkUlps("one", one, Double.parseDouble(byOne), 1);
    double none = Normalization.of(statistics, identity, zero).apply(0, 4);
    checkUlps("zero", none, Double.parseDouble(byZero), 1);
  }

  /// Exact by hand: ε = 1/4 is the whole root's square: (3 − 1)/(1/2).
  @Test
  void epsilonAloneDividesAConstantFeature() {
    NormalizationRules epsilon = Trainer.rules(0.25, ConstantFeature.EPSILON);
    assertEquals(4, Normalization.of(statistics(1, 0), Affine.identity(1), epsilon).apply(0, 3));
  }

  @Test
  void missingValueStaysMissingOrBecomesBeta() {
    Affine affine = Affine.of(new double[] {3}, new double[] {0.25});
    double[] y = {NAN, 1};
    Normalization.of(statistics(1, 4), affine, PLAIN).apply(y, y, 2);
    assertArrayEquals(new double[] {NAN, 0.25}, y);
    NormalizationRules impute =
        new NormalizationRules(
            true,
            true,
            0,
            ConstantFeature.ONE,
            MissingValues.IMPUTE,
            OptionalDouble.empty(),
            Activation.NONE);
    Normalization.of(statistics(1, 4), affine, impute).apply(y, y, 2);
    assertEquals(0.25, y[0]);
  }

  /// A folded fp32 or fp64 `a x + b` is off by 2e-8 of a deviation here; two subtractions are not.
  @Test
  void lowPartOfTheMeanIsNotLost() {
    MeanAndVariance statistics =
        new MeanAndVariance(new double[] {0x1p52}, new double[] {0.375}, new double[] {1});
    double y = Normalization.of(statistics, Affine.identity(1), PLAIN).apply(0, 0x1p52 + 1);
    assertEquals(0.625, y);
  }

  @Test
  void overflowIsToldByTheLeastFeatureThatHasAValueOutOfRange() {
    double[] tiny = {1, 1e-300, 1e-300, 1};
    MeanAndVariance statistics = new MeanAndVariance(new double[4], new double[4], tiny);
    FeatureBatch fits = FeatureBatch.of(4, 1e9, 1e100, 1e100, 5);
    FeatureBatch overflows = FeatureBatch.of(4, 1e9, 1e100, 1e100, 5, 1, 2, 1e200, NAN);
    Normalization plain = Normalization.of(statistics, Affine.identity(4), PLAIN);
    assertEquals(-1, plain.firstOverflow(range(fits)));
    assertEquals(2, plain.firstOverflow(range(overflows)));
    NormalizationRules clipped = rules(true, true, OptionalDouble.of(10));
    Normalization safe = Normalization.of(statistics, Affine.identity(4), clipped);
    assertEquals(-1, safe.firstOverflow(range(overflows)));
    double[] y = new double[8];
    safe.apply(overflows.values(), y, 2);
    assertEquals(10, y[6]);
  }

  /// Normalising is monotone, so the extremes decide for all: checked against every value.
  @Test
  void overflowOfTheExtremesIsOverflowOfAnyValue() {
    Random random = new Random(4);
    for (int round = 0; round < 2000; round++) {
      double[] x = random.doubles(5).map(u -> (2 * u - 1) * 1.7e308).toArray();
      MeanAndVariance statistics =
          statistics((2 * random.nextDouble() - 1) * 1.7e308, Math.exp(4 * random.nextGaussian()));
      Affine affine =
          Affine.of(new double[] {random.nextGaussian()}, new double[] {random.nextGaussian()});
      Normalization normalization = Normalization.of(statistics, affine, PLAIN);
      double[] y = new double[5];
      normalization.apply(x, y, 5);
      boolean finite = Arrays.stream(y).allMatch(Double::isFinite);
      int expected = finite ? -1 : 0;
      assertEquals(expected, normalization.firstOverflow(range(FeatureBatch.of(1, x))));
    }
  }

  private static FeatureRange range(FeatureBatch batch) {
    return FeatureRange.of(batch, FeatureMoments.of(batch), FloatType.FLOAT64);
  }

  private static MeanAndVariance statistics(double mean, double variance) {
    return new MeanAndVariance(new double[] {mean}, new double[1], new double[] {variance});
  }
}
