package io.evenkeel.surface.drift;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.drift.FeatureDrift;
import io.evenkeel.drift.Measure;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The drift of one feature as JSON. A number that is not known (yet) is null.
///
/// @param because the measures that have drifted
/// @param meanShift in reference deviations
/// @param varianceRatio live to reference
/// @param absoluteDeviation the mean of min(|z|, 3), z in reference deviations
/// @param outOfRange left out if the feature set has no range that clips
/// @param clipped left out without a clip
record FeatureView(
    String name,
    boolean drifted,
    List<String> because,
    @Nullable Double meanShift,
    @Nullable Double meanShiftError,
    @Nullable Double varianceRatio,
    @Nullable Double varianceRatioError,
    @Nullable RateView absoluteDeviation,
    @Nullable Double hellinger,
    @Nullable Double wasserstein,
    @Nullable Double populationStability,
    @Nullable Double kolmogorovSmirnov,
    @Nullable RateView missing,
    @Nullable RateView zero,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RateView outOfRange,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RateView clipped) {

  /// A share, 0 to 1, or a mean.
  record RateView(@Nullable Double reference, @Nullable Double live) {}

  static FeatureView of(FeatureDrift feature) {
    return new FeatureView(
        feature.name(),
        feature.drifted(),
        feature.because().stream().map(FeatureView::word).toList(),
        known(feature.mean().value()),
        known(feature.mean().error()),
        known(feature.variance().value()),
        known(feature.variance().error()),
        view(feature.deviation()),
        known(feature.hellinger()),
        known(feature.wasserstein()),
        known(feature.stability()),
        known(feature.kolmogorovSmirnov()),
        rate(feature, Measure.MISSING),
        rate(feature, Measure.ZERO),
        rate(feature, Measure.OUT_OF_RANGE),
        rate(feature, Measure.CLIPPED));
  }

  /// The name of the member that shows the measure.
  private static String word(Measure measure) {
    return switch (measure) {
      case MEAN -> "meanShift";
      case VARIANCE -> "varianceRatio";
      case ABSOLUTE_DEVIATION -> "absoluteDeviation";
      case OUT_OF_RANGE -> "outOfRange";
      case MISSING, CLIPPED, ZERO -> measure.name().toLowerCase(Locale.ROOT);
    };
  }

  private static @Nullable RateView rate(FeatureDrift feature, Measure measure) {
    FeatureDrift.Rate rate = feature.rates().get(measure);
    return rate == null ? null : view(rate);
  }

  private static RateView view(FeatureDrift.Rate rate) {
    return new RateView(known(rate.reference()), known(rate.live()));
  }

  private static @Nullable Double known(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
