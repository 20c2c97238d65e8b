package io.evenkeel.framework;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.GivenStatistics;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Preset;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// A layer of PyTorch or Keras as a client sent it: y = γ (x − mean) / sqrt(variance + epsilon) +
/// β.
///
/// γ and β may be absent, as in a layer of the frameworks without them. Then they are 1 and 0.
///
/// @param names the names that the framework gives the members
@SuppressWarnings("ArrayRecordComponent") // read and checked once, never compared
record GivenLayer(
    Names names,
    double @Nullable [] gamma,
    double @Nullable [] beta,
    double @Nullable [] mean,
    double @Nullable [] variance,
    double epsilon,
    @Nullable List<String> featureNames,
    double @Nullable [] meanLow) {

  /// The names of the members in a framework, and the pointers of the members of our own.
  record Names(
      String gamma,
      String beta,
      String mean,
      String variance,
      String epsilon,
      String featuresPointer,
      String meanLowPointer) {}

  /// Checks the layer.
  void check(MemberRules rules) {
    rules.features(names.mean, mean);
    rules.finite(names.gamma, gamma);
    rules.finite(names.beta, beta);
    rules.finite(names.mean, mean);
    if (variance == null) {
      String detail = MemberRules.missing(names.variance);
      rules.fault(MemberRules.pointer(names.variance), Fault.NOT_NULL, detail);
    }
    rules.variances(names.variance, variance);
    boolean valid = epsilon >= 0 && Double.isFinite(epsilon);
    String code = epsilon < 0 ? Fault.NEGATIVE : Fault.NOT_FINITE;
    rules.number(names.epsilon, epsilon, valid, code, "it must be 0 or greater, and finite");
    rules.names(names.featuresPointer, featureNames);
    rules.meanLow(names.meanLowPointer, meanLow, mean);
    if (valid && !rules.isBroken()) {
      checkRoots(rules);
    }
  }

  /// Demands roots by which the service divides as the framework does. With epsilon 0 a framework
  /// divides by 0 or by the rounding noise of a mean; the service does not.
  private void checkRoots(MemberRules rules) {
    double[] means = given(mean);
    double[] variances = given(variance);
    String pointer = MemberRules.pointer(names.variance);
    for (int j = 0; j < variances.length; j++) {
      double root = Math.sqrt(variances[j] + epsilon);
      if (!Double.isFinite(root)) {
        String want = "its sum with '" + names.epsilon + "' must be finite";
        rules.at(pointer, names.variance, j, variances[j], Fault.OVERFLOW, want);
      } else if (root != Normalization.deviation(means[j], variances[j], rules())) {
        String want =
            "since '" + names.epsilon + "' is 0, it must be above the rounding error of the mean";
        rules.at(pointer, names.variance, j, variances[j], Fault.POSITIVE, want);
      }
    }
  }

  private static double[] given(double @Nullable [] values) {
    return values == null ? new double[0] : values;
  }

  private NormalizationRules rules() {
    return new NormalizationRules(
        true,
        true,
        epsilon,
        epsilon > 0 ? ConstantFeature.EPSILON : ConstantFeature.ONE,
        MissingValues.REJECT,
        OptionalDouble.empty(),
        Activation.NONE);
  }

  /// The normalizer that the layer makes. The layer must be valid.
  ///
  /// @param batches how many batches the statistics come from
  ImportedLayer imported(Preset preset, Averaging averaging, double batches) {
    double[] means = given(mean);
    int size = means.length;
    Affine affine =
        Affine.of(gamma == null ? filled(size, 1) : gamma, beta == null ? new double[size] : beta);
    return new ImportedLayer(
        definition(preset, features(featureNames, size), averaging, rules(), affine),
        new GivenStatistics(
            new double[size],
            means,
            meanLow == null ? new double[size] : meanLow,
            given(variance),
            filled(size, Double.NaN),
            filled(size, Double.NaN),
            filled(size, batches)));
  }

  static NormalizerDefinition definition(
      Preset preset,
      Features features,
      Averaging averaging,
      NormalizationRules rules,
      Affine affine) {
    int minimum =
        preset.minimumBatchRows().orElse(preset.training() instanceof Training.Batch ? 2 : 1);
    return new NormalizerDefinition(
        preset,
        features,
        averaging,
        preset.runningVariance(),
        preset.training(),
        minimum,
        rules,
        affine);
  }

  static Features features(@Nullable List<String> names, int size) {
    return names == null
        ? Features.numbered(size)
        : Features.of(names.stream().map(Feature::named).toList());
  }

  static double[] filled(int size, double value) {
    double[] array = new double[size];
    Arrays.fill(array, value);
    return array;
  }
}
