package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.batchnorm.statistics.RenormalizationStatistics;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import java.util.Arrays;
import java.util.OptionalDouble;

/// A normalizer reduced to its arithmetic: what a test needs to send batches through a definition.
public final class Trainer {
  /// ε = 0, a constant feature is divided by 1, missing values stay missing.
  public static final NormalizationRules PLAIN = rules(0, ConstantFeature.ONE);

  private final Training training;
  private final Averaging averaging;
  private final NormalizationRules rules;
  private final Affine affine;
  private RunningStatistics statistics;
  private MomentsWindow window;

  Trainer(
      Training training,
      Averaging averaging,
      VarianceEstimator estimator,
      NormalizationRules rules,
      Affine affine) {
    this.training = training;
    this.averaging = averaging;
    this.rules = rules;
    this.affine = affine;
    int features = affine.features();
    this.statistics =
        training instanceof Training.Renormalization
            ? RenormalizationStatistics.start(
                features, ((Averaging.Exponential) averaging).momentum(), rules.epsilon())
            : averaging.start(features, estimator);
    this.window =
        training instanceof Training.Window(int batches, WindowKind kind)
            ? MomentsWindow.empty(batches, kind, features, 0)
            : MomentsWindow.empty(1, WindowKind.SLIDING, features, 0);
  }

  public static NormalizationRules rules(double epsilon, ConstantFeature constant) {
    return new NormalizationRules(
        true,
        true,
        epsilon,
        constant,
        MissingValues.IGNORE,
        OptionalDouble.empty(),
        Activation.NONE);
  }

  RunningStatistics statistics() {
    return statistics;
  }

  /// Moves the statistics by this batch and answers its normalised rows.
  double[] train(FeatureBatch batch) {
    RunningStatistics before = statistics;
    return switch (training) {
      case Training.Batch _ -> {
        BatchMoments moments = BatchMoments.of(batch);
        statistics = before.after(moments);
        yield normalize(batch, moments.moments().meanAndVariance(VarianceEstimator.BIASED));
      }
      case Training.Window _ -> {
        BatchMoments moments = BatchMoments.of(batch);
        statistics = before.after(moments);
        window = window.plus(moments.moments());
        yield normalize(batch, window.pooled().meanAndVariance(VarianceEstimator.BIASED));
      }
      case Training.Renormalization limits -> {
        BatchMoments moments = BatchMoments.of(batch);
        statistics = before.after(moments);
        BatchRenormalization correction =
            BatchRenormalization.of(
                moments.moments(), (RenormalizationStatistics) before, limits, rules);
        yield normalize(
            batch,
            Normalization.of(
                moments.moments().meanAndVariance(VarianceEstimator.BIASED),
                correction,
                affine,
                rules));
      }
      case Training.Running(var order, var per) when per == Training.Running.Per.ROW -> {
        statistics = before.after(RowByRow.momentsOf(batch, averaging));
        yield RowByRow.normalize(batch, (PooledStatistics) before, order, affine, rules);
      }
      case Training.Running(var order, _) -> {
        statistics = before.after(BatchMoments.of(batch));
        yield normalize(
            batch,
            order == Training.Running.Order.BEFORE
                ? before.meanAndVariance()
                : statistics.meanAndVariance());
      }
    };
  }

  /// Normalises by the running statistics.
  double[] infer(FeatureBatch batch) {
    return normalize(batch, statistics.meanAndVariance());
  }

  private double[] normalize(FeatureBatch batch, MeanAndVariance by) {
    return normalize(batch, Normalization.of(by, affine, rules));
  }

  private static double[] normalize(FeatureBatch batch, Normalization by) {
    double[] y = new double[batch.rows() * batch.features()];
    by.apply(batch.values(), y, batch.rows());
    return y;
  }

  double[] means() {
    MeanAndVariance m = statistics.meanAndVariance();
    double[] means = new double[m.features()];
    Arrays.setAll(means, m::mean);
    return means;
  }

  double[] variances() {
    MeanAndVariance m = statistics.meanAndVariance();
    double[] variances = new double[m.features()];
    Arrays.setAll(variances, m::variance);
    return variances;
  }
}
