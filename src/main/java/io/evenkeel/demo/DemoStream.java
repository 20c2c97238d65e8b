package io.evenkeel.demo;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Preset;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A synthetic stream of batches. The same second always has the same batch.
///
/// | stream     | features                | value of feature j in second t                        |
/// |------------|-------------------------|-------------------------------------------------------|
/// | `SEASONAL` | temperature, load, wind | cⱼ + aⱼ sin(2π t / 60 + j) + sⱼ z                     |
/// | `DRIFTING` | price and five more     | cⱼ + sⱼ z until it is frozen, then 0.02 sⱼ a second away, every second feature |
/// | `SPARSE`   | `f0` to `f63`           | 10 j + (j + 1) z; γⱼ = 0.9ʲ, and 0 in every third     |
///
/// z is standard normal.
enum DemoStream {
  /// Averages follow a season of a minute.
  SEASONAL(
      Stream.of("temperature", "load", "wind").map(Feature::named).toList(),
      new Averaging.Exponential(
          0.1, Averaging.Exponential.VarianceKind.TOTAL, Averaging.Exponential.Start.FIRST_BATCH)) {
    @Override
    double value(int j, long second, double z) {
      double[] centre = {15, 4000, 7};
      double[] swing = {8, 1500, 3};
      double[] spread = {1.5, 250, 1.2};
      return centre[j] + swing[j] * Math.sin(2 * Math.PI * second / 60 + j) + spread[j] * z;
    }
  },
  /// What comes in moves away from frozen statistics.
  DRIFTING(
      Stream.of("price", "volume", "spread", "depth", "delay", "age").map(Feature::named).toList(),
      Preset.EVENKEEL.averaging()) {
    @Override
    double value(int j, long second, double z) {
      double away = j % 2 == 0 ? 0.02 * Math.max(0, second - UNTIL_FROZEN) : 0;
      return Math.pow(10, j) * (5 + Math.min(away, 5) + z);
    }
  },
  /// Gamma makes many features superfluous.
  SPARSE(
      IntStream.range(0, 64).mapToObj(j -> Feature.named("f" + j)).toList(),
      Preset.EVENKEEL.averaging()) {
    @Override
    double value(int j, long second, double z) {
      return 10.0 * j + (j + 1) * z;
    }

    @Override
    Affine affine() {
      double[] gamma =
          IntStream.range(0, features().size())
              .mapToDouble(j -> j % 3 == 2 ? 0 : Math.pow(0.9, j))
              .toArray();
      return Affine.of(gamma, new double[gamma.length]);
    }
  };

  /// Seconds after which the drifting stream is frozen: enough for its statistics to settle.
  static final int UNTIL_FROZEN = 60;

  private static final int ROWS = 64;
  private static final long SEED = 20_261_129;

  private final Features features;
  private final Averaging averaging;

  DemoStream(List<Feature> features, Averaging averaging) {
    this.features = Features.of(features);
    this.averaging = averaging;
  }

  /// A value of feature j.
  ///
  /// @param z a standard normal number
  abstract double value(int j, long second, double z);

  Features features() {
    return features;
  }

  Affine affine() {
    return Affine.identity(features.size());
  }

  NormalizerName normalizer() {
    return new NormalizerName("demo-" + name().toLowerCase(Locale.ROOT));
  }

  NormalizerDefinition definition() {
    Preset preset = Preset.EVENKEEL;
    return new NormalizerDefinition(
        preset,
        features,
        averaging,
        preset.runningVariance(),
        preset.training(),
        2,
        new NormalizationRules(
            true,
            true,
            preset.epsilon(),
            preset.constantFeature(),
            preset.missing(),
            preset.clip(),
            Activation.NONE),
        affine());
  }

  /// The batch `[64 × D]` of a second.
  FeatureBatch batch(long second) {
    Random random = new Random(SEED + 31 * second + name().hashCode());
    int width = features.size();
    double[] values = new double[ROWS * width];
    for (int at = 0; at < values.length; at++) {
      values[at] = value(at % width, second, random.nextGaussian());
    }
    return FeatureBatch.of(width, values);
  }
}
