package io.evenkeel.normalizer.definition;

import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.Training.Running.Order;
import io.evenkeel.batchnorm.Training.Running.Per;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Cumulative;
import io.evenkeel.batchnorm.statistics.Averaging.CumulativeBatches;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.VarianceKind;
import io.evenkeel.batchnorm.statistics.Averaging.Prior;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// A named set of defaults for the members that a definition leaves out.
///
/// The presets other than [#EVENKEEL] follow the published definition of the software they are
/// named after, not its rounding errors.
public enum Preset {
  /// Exact pooled statistics, epsilon 0: 1e-5 inside the root is meant for activations and would
  /// shrink raw features of small spread.
  EVENKEEL(
      pooled(), VarianceEstimator.UNBIASED, 0, ConstantFeature.ONE, MissingValues.REJECT, batch()),
  /// `torch.nn.BatchNorm1d`.
  PYTORCH(
      moving(0.1),
      VarianceEstimator.UNBIASED,
      1e-5,
      ConstantFeature.EPSILON,
      MissingValues.REJECT,
      batch()),
  /// `torch.nn.BatchNorm1d(momentum=None)`.
  PYTORCH_CUMULATIVE(
      new CumulativeBatches(),
      VarianceEstimator.UNBIASED,
      1e-5,
      ConstantFeature.EPSILON,
      MissingValues.REJECT,
      batch()),
  /// `keras.layers.BatchNormalization`, whose momentum 0.99 is the weight of the old statistics.
  KERAS(
      moving(0.01),
      VarianceEstimator.BIASED,
      1e-3,
      ConstantFeature.EPSILON,
      MissingValues.REJECT,
      batch(),
      OptionalInt.of(1),
      true,
      OptionalDouble.empty()),
  /// The BatchNormalization operator of ONNX.
  ONNX(
      moving(0.1),
      VarianceEstimator.BIASED,
      1e-5,
      ConstantFeature.EPSILON,
      MissingValues.REJECT,
      batch(),
      OptionalInt.of(1),
      true,
      OptionalDouble.empty()),
  /// `sklearn.preprocessing.StandardScaler.partial_fit`.
  SCIKIT_LEARN(
      pooled(),
      VarianceEstimator.BIASED,
      0,
      ConstantFeature.ONE,
      MissingValues.IGNORE,
      runningAfter(Per.BATCH)),
  /// `river.preprocessing.StandardScaler`.
  RIVER(
      pooled(),
      VarianceEstimator.BIASED,
      0,
      ConstantFeature.ZERO,
      MissingValues.IGNORE,
      runningAfter(Per.ROW)),
  /// Flink ML's `StandardScaler` with its defaults, which do not centre.
  FLINK(
      pooled(),
      VarianceEstimator.UNBIASED,
      0,
      ConstantFeature.ZERO,
      MissingValues.REJECT,
      runningAfter(Per.BATCH),
      OptionalInt.empty(),
      false,
      OptionalDouble.empty()),
  /// `VecNormalize` of Stable-Baselines3. Its pseudo-count of 1e-4 at mean 0 makes the variance of
  /// a feature with a large mean far too large at first; the preset keeps that on purpose.
  STABLE_BASELINES3(
      new Cumulative(Optional.of(new Prior(1e-4, 0, 1))),
      VarianceEstimator.BIASED,
      1e-8,
      ConstantFeature.EPSILON,
      MissingValues.REJECT,
      runningAfter(Per.BATCH),
      OptionalInt.empty(),
      true,
      OptionalDouble.of(10));

  private final Averaging averaging;
  private final VarianceEstimator runningVariance;
  private final double epsilon;
  private final ConstantFeature constantFeature;
  private final MissingValues missing;
  private final Training training;
  private final OptionalInt minimumBatchRows;
  private final boolean center;
  private final OptionalDouble clip;

  Preset(
      Averaging averaging,
      VarianceEstimator runningVariance,
      double epsilon,
      ConstantFeature constantFeature,
      MissingValues missing,
      Training training) {
    this(
        averaging,
        runningVariance,
        epsilon,
        constantFeature,
        missing,
        training,
        OptionalInt.empty(),
        true,
        OptionalDouble.empty());
  }

  Preset(
      Averaging averaging,
      VarianceEstimator runningVariance,
      double epsilon,
      ConstantFeature constantFeature,
      MissingValues missing,
      Training training,
      OptionalInt minimumBatchRows,
      boolean center,
      OptionalDouble clip) {
    this.averaging = averaging;
    this.runningVariance = runningVariance;
    this.epsilon = epsilon;
    this.constantFeature = constantFeature;
    this.missing = missing;
    this.training = training;
    this.minimumBatchRows = minimumBatchRows;
    this.center = center;
    this.clip = clip;
  }

  private static Averaging pooled() {
    return new Cumulative(Optional.empty());
  }

  private static Averaging moving(double momentum) {
    return new Exponential(momentum, VarianceKind.WITHIN, Start.ZERO_ONE);
  }

  private static Training batch() {
    return new Training.Batch();
  }

  private static Training runningAfter(Per per) {
    return new Training.Running(Order.AFTER, per);
  }

  /// How batches become running statistics.
  public Averaging averaging() {
    return averaging;
  }

  /// The estimator of the running variance.
  public VarianceEstimator runningVariance() {
    return runningVariance;
  }

  /// Epsilon, which is added to the variance inside the root.
  public double epsilon() {
    return epsilon;
  }

  /// The treatment of a feature without variance.
  public ConstantFeature constantFeature() {
    return constantFeature;
  }

  /// The treatment of a missing value.
  public MissingValues missing() {
    return missing;
  }

  /// What a training batch is normalised by.
  public Training training() {
    return training;
  }

  /// The fewest rows of a training batch, if the preset sets it.
  public OptionalInt minimumBatchRows() {
    return minimumBatchRows;
  }

  /// Whether the mean is subtracted.
  public boolean center() {
    return center;
  }

  /// Limit of the normalised value.
  public OptionalDouble clip() {
    return clip;
  }

  /// What inference does with a feature that has no value yet.
  public Untrained untrained() {
    return switch (this) {
      case EVENKEEL, SCIKIT_LEARN, FLINK -> Untrained.REFUSE;
      case PYTORCH, PYTORCH_CUMULATIVE, KERAS, ONNX, RIVER, STABLE_BASELINES3 -> Untrained.IDENTITY;
    };
  }
}
