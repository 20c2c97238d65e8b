package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// How many bytes of a matrix `[N × D]` of doubles one thread takes in.
///
/// The secondary result `bytes` is in bytes per nanosecond, which is GB/s: N · D · 8 over the time
/// of one call. Run it on a machine that does nothing else:
///
/// ```
/// mvn -Pbench -DskipTests verify -Djmh.args="KernelBenchmark.normalize -p features=64"
/// ```
///
/// All but [#wholeCall] write to one output array again and again, so no page of it is new.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class KernelBenchmark {
  private static final NormalizationRules RULES = Trainer.rules(1e-5, ConstantFeature.EPSILON);

  /// Bytes of the matrix.
  @Param({"65536", "8388608", "67108864"})
  int size;

  /// D.
  @Param({"4", "64", "1024"})
  int features;

  private double[] x = {};
  private double[] y = {};
  private FeatureBatch batch = FeatureBatch.of(1, 0);
  private FeatureBatch weighted = batch;
  private Affine affine = Affine.identity(0);
  private MeanAndVariance statistics = new MeanAndVariance(x, x, x);

  /// What one thread has taken in.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Taken {
    /// Bytes of matrices.
    public long bytes;
  }

  /// Uniform values, as the scripts that measure the peers take them.
  @Setup
  public void fill() {
    int rows = size / 8 / features;
    x = new Random(1).doubles((long) rows * features).toArray();
    y = new double[x.length];
    batch = FeatureBatch.of(rows, features, x, null);
    weighted = FeatureBatch.of(rows, features, x, new Random(2).doubles(rows).toArray());
    affine = Affine.identity(features);
    statistics = FeatureMoments.of(batch).meanAndVariance(VarianceEstimator.BIASED);
  }

  /// Mean, variance and extremes.
  @Benchmark
  public FeatureMoments moments(Taken taken) {
    taken.bytes += size;
    return FeatureMoments.of(batch);
  }

  /// The same where rows have weights.
  @Benchmark
  public FeatureMoments weightedMoments(Taken taken) {
    taken.bytes += size;
    return FeatureMoments.of(weighted);
  }

  /// Training: moments, and the rows normalised by them.
  @Benchmark
  public double[] normalize(Taken taken) {
    taken.bytes += size;
    MeanAndVariance own = FeatureMoments.of(batch).meanAndVariance(VarianceEstimator.BIASED);
    Normalization.of(own, affine, RULES).apply(x, y, batch.rows());
    return y;
  }

  /// Inference: rows normalised by statistics that are there.
  @Benchmark
  public double[] infer(Taken taken) {
    taken.bytes += size;
    Normalization.of(statistics, affine, RULES).apply(x, y, batch.rows());
    return y;
  }

  /// Training with all that a request adds: the search for missing values, and a new output array.
  @Benchmark
  public double[] wholeCall(Taken taken) {
    taken.bytes += size;
    FeatureBatch fresh = FeatureBatch.of(batch.rows(), features, x, null);
    MeanAndVariance own = FeatureMoments.of(fresh).meanAndVariance(VarianceEstimator.BIASED);
    double[] output = new double[x.length];
    Normalization.of(own, affine, RULES).apply(x, output, fresh.rows());
    return output;
  }
}
