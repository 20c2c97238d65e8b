package io.evenkeel.batchnorm;

import java.util.OptionalDouble;

/// The rules by which a value is normalised, once mean and variance are known.
///
/// @param center whether the mean is subtracted
/// @param scale whether the difference is divided by sqrt(variance + epsilon)
/// @param epsilon ≥ 0, in the unit of the variance
/// @param clip limit of the normalised value's magnitude, before gamma and beta
/// @param activation applied last
public record NormalizationRules(
    boolean center,
    boolean scale,
    double epsilon,
    ConstantFeature constantFeature,
    MissingValues missing,
    OptionalDouble clip,
    Activation activation) {

  /// The same rules with another treatment of missing values.
  public NormalizationRules with(MissingValues other) {
    return new NormalizationRules(center, scale, epsilon, constantFeature, other, clip, activation);
  }
}
