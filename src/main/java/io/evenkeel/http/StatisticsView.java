package io.evenkeel.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.batchnorm.MeanAndVariance;
import io.evenkeel.batchnorm.PooledStatistics;
import io.evenkeel.batchnorm.RunningStatistics;
import io.evenkeel.normalizer.Features;
import io.evenkeel.normalizer.Normalizer;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What inference normalises by, as JSON: arrays `[D]` in the definition's order; null where a
/// value does not exist yet.
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
    @Nullable Double[] max) {

  static StatisticsView of(Normalizer normalizer) {
    RunningStatistics running = normalizer.running();
    MeanAndVariance shown = running.meanAndVariance();
    Features features = normalizer.definition().features();
    int size = features.size();
    NormalizerView view = NormalizerView.brief(normalizer);
    return new StatisticsView(
        normalizer.name().value(),
        normalizer.version(),
        view.frozen(),
        normalizer.rows(),
        normalizer.batches(),
        IntStream.range(0, size).mapToObj(features::name).toList(),
        array(size, running::count),
        array(size, shown::mean),
        array(size, shown::variance),
        running instanceof PooledStatistics pooled ? array(size, pooled.moments()::m2) : null,
        finite(size, running::min),
        finite(size, running::max));
  }

  private static double[] array(int size, IntToDoubleFunction value) {
    return IntStream.range(0, size).mapToDouble(value).toArray();
  }

  private static @Nullable Double[] finite(int size, IntToDoubleFunction value) {
    @Nullable Double[] values = new Double[size];
    for (int j = 0; j < size; j++) {
      double x = value.applyAsDouble(j);
      values[j] = Double.isInfinite(x) ? null : x;
    }
    return values;
  }
}
