package io.evenkeel.surface.normalizers;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.Saturation;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.statistics.BatchAverages;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.batchnorm.statistics.WindowStatistics;
import io.evenkeel.http.command.NormalizerView;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.definition.Features;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The statistics that inference uses, as JSON: arrays `[D]` in the definition's order. A value
/// that does not exist yet is null.
///
/// @param frozen how the present state is frozen; null for a snapshot, which never changes
/// @param constant the features that count as constant: their variance is no larger than a rounding
///   error
/// @param untrained the features that have no value yet
/// @param saturated the share of answers at which the activation was saturated (for ReLU: zero) in
///   the last training batches on this replica; left out without an activation
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
record StatisticsView(
    String normalizer,
    long version,
    NormalizerView.@Nullable FreezeView frozen,
    long rows,
    long batches,
    List<String> features,
    double[] count,
    double[] mean,
    double[] variance,
    @JsonInclude(JsonInclude.Include.NON_NULL) double @Nullable [] m2,
    @Nullable Double[] min,
    @Nullable Double[] max,
    List<String> constant,
    List<String> untrained,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double @Nullable [] saturated) {

  static StatisticsView of(Normalizer normalizer, Optional<Saturation> saturation) {
    return of(
        normalizer,
        normalizer.live(),
        NormalizerView.brief(normalizer).frozen(),
        normalizer.rows(),
        normalizer.batches(),
        saturation);
  }

  static StatisticsView of(Normalizer normalizer, Snapshot snapshot) {
    return of(
        normalizer, snapshot.model(), null, snapshot.rows(), snapshot.batches(), Optional.empty());
  }

  private static StatisticsView of(
      Normalizer normalizer,
      Model model,
      NormalizerView.@Nullable FreezeView frozen,
      long rows,
      long batches,
      Optional<Saturation> saturation) {
    RunningStatistics running = model.running();
    MeanAndVariance shown = running.meanAndVariance();
    Features features = model.definition().features();
    int size = features.size();
    return new StatisticsView(
        normalizer.name().value(),
        model.version(),
        frozen,
        rows,
        batches,
        features.names(),
        array(size, running::count),
        array(size, shown::mean),
        array(size, shown::variance),
        m2(running),
        finite(size, running::min),
        finite(size, running::max),
        IntStream.range(0, size)
            .filter(j -> ConstantFeature.isConstant(shown.mean(j), shown.variance(j)))
            .mapToObj(features::name)
            .toList(),
        model.untrained().mapToObj(features::name).toList(),
        saturation.map(s -> finite(size, s::share)).orElse(null));
  }

  private static double @Nullable [] m2(RunningStatistics running) {
    return switch (running) {
      case PooledStatistics pooled -> array(running.features(), pooled.moments()::m2);
      case WindowStatistics window -> array(running.features(), window.pooled()::m2);
      case BatchAverages _ -> null;
    };
  }

  private static double[] array(int size, IntToDoubleFunction value) {
    return IntStream.range(0, size).mapToDouble(value).toArray();
  }

  private static @Nullable Double[] finite(int size, IntToDoubleFunction value) {
    @Nullable Double[] values = new Double[size];
    for (int j = 0; j < size; j++) {
      double x = value.applyAsDouble(j);
      values[j] = Double.isFinite(x) ? x : null;
    }
    return values;
  }
}
