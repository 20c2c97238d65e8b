package io.evenkeel.batchnorm.moments;

import static io.evenkeel.batchnorm.Closeness.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.batchnorm.Closeness;
import io.evenkeel.batchnorm.GoldenFile;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Pooled moments against exact rational arithmetic and against NIST's certified values.
class GoldenMomentsTest {

  static Stream<Named<JsonNode>> exact() {
    return GoldenFile.cases("exact-moments.json");
  }

  /// Source: exact rational arithmetic over the given doubles, rounded once (the file says so).
  @ParameterizedTest
  @MethodSource("exact")
  void momentsOfAllBatchesSoFarAreThoseOfExactArithmetic(JsonNode golden) {
    RunningStatistics statistics = cumulative(golden.get("features").asInt());
    for (JsonNode step : GoldenFile.steps(golden)) {
      statistics = statistics.after(BatchMoments.of(GoldenFile.batch(step)));
      FeatureMoments moments = ((PooledStatistics) statistics).moments();
      double[] mean = GoldenFile.array(step.get("mean"));
      double[] m2 = GoldenFile.array(step.get("m2"));
      double[] biased = GoldenFile.array(step.get("varBiased"));
      double[] unbiased = GoldenFile.array(step.get("varUnbiased"));
      for (int j = 0; j < mean.length; j++) {
        assertEquals(step.get("count").asDouble(), moments.weight(j), 0);
        within(2e-16, 1e-15 * Math.sqrt(biased[j])).check("mean " + j, moments.mean(j), mean[j]);
        Closeness close = within(2e-14, 0);
        close.check("m2 " + j, moments.m2(j), m2[j]);
        close.check("biased " + j, moments.variance(j, VarianceEstimator.BIASED), biased[j]);
        close.check("unbiased " + j, moments.variance(j, VarianceEstimator.UNBIASED), unbiased[j]);
      }
    }
  }

  /// Source: NIST Statistical Reference Datasets, univariate summary statistics (certified). The
  /// values of NumAcc3 lie near 1e6 and are not exact in binary: 8 digits is what the doubles hold.
  @ParameterizedTest
  @ValueSource(strings = {"Lew", "Lottery", "Michelso", "NumAcc1", "NumAcc2", "NumAcc3"})
  void certifiedDigitsAreReachedHoweverTheValuesAreCut(String name) {
    JsonNode nist = GoldenFile.read("nist/" + name + ".json").root();
    double[] values = GoldenFile.array(nist.get("values"));
    for (long seed = 0; seed < 5; seed++) {
      RunningStatistics statistics = cumulative(1);
      for (FeatureBatch batch : cut(values, seed)) {
        statistics = statistics.after(BatchMoments.of(batch));
      }
      MeanAndVariance result = statistics.meanAndVariance();
      double mean = Closeness.digits(result.mean(0), nist.get("mean").asDouble());
      double deviation =
          Closeness.digits(Math.sqrt(result.variance(0)), nist.get("standardDeviation").asDouble());
      assertTrue(mean >= 14.5, "digits of the mean: " + mean);
      assertTrue(
          deviation >= (name.equals("NumAcc3") ? 8 : 13), "digits of the deviation: " + deviation);
    }
  }

  private static RunningStatistics cumulative(int features) {
    return new Averaging.Cumulative(Optional.empty()).start(features, VarianceEstimator.UNBIASED);
  }

  private static List<FeatureBatch> cut(double[] values, long seed) {
    Random random = new Random(seed);
    List<FeatureBatch> batches = new ArrayList<>();
    for (int at = 0; at < values.length; ) {
      int end = Math.min(values.length, at + 1 + random.nextInt(seed == 0 ? 2000 : 60));
      batches.add(FeatureBatch.of(1, Arrays.copyOfRange(values, at, end)));
      at = end;
    }
    return batches;
  }
}
