package io.evenkeel.framework;

import io.evenkeel.batchnorm.NormalizationRules;
import java.util.Arrays;

/// A layer in the form of PyTorch and Keras: y = γ (x − mean) / sqrt(variance + epsilon) + β, with
/// one epsilon for all features and no special case.
///
/// | here                   | there                                           |
/// |------------------------|-------------------------------------------------|
/// | without centring       | mean 0                                          |
/// | without scaling        | variance 1, epsilon 0                           |
/// | constant, `one`        | the variance for which the root is 1, exactly   |
/// | constant, `zero`       | γ = 0                                           |
/// | all else               | the same numbers                                |
///
/// The root is the same double by which the service divides. A normalised value of 0 may have the
/// other sign.
///
/// @param meanLow the low part of the mean, for which a framework has no place
@SuppressWarnings("ArrayRecordComponent") // made, written, and gone
record FrameworkLayer(
    double[] gamma,
    double[] beta,
    double[] mean,
    double[] meanLow,
    double[] variance,
    double epsilon) {

  /// @param format the name of the format, for the sentence that refuses a layer
  static FrameworkLayer of(Layer layer, String format) {
    layer.requireAffine(format);
    int features = layer.features();
    NormalizationRules rules = layer.rules();
    double epsilon = rules.scale() ? rules.epsilon() : 0;
    double[] variance = new double[features];
    double[] gamma = layer.affine().gamma();
    double[] mean = new double[features];
    double[] meanLow = new double[features];
    boolean ones = false;
    for (int j = 0; j < features; j++) {
      mean[j] = layer.mean(j);
      meanLow[j] = layer.meanLow(j);
      gamma[j] = layer.isZero(j) ? 0 : gamma[j];
      variance[j] = rules.scale() ? layer.statistics().variance(j) : 1;
      ones |= isOne(layer, j, variance[j], epsilon);
    }
    if (ones && epsilon > 1) {
      // no variance makes such a root 1, so epsilon moves into the variances
      for (int j = 0; j < features; j++) {
        variance[j] += epsilon;
      }
      epsilon = 0;
    }
    for (int j = 0; j < features; j++) {
      if (isOne(layer, j, variance[j], epsilon)) {
        variance[j] = varianceOfRootOne(epsilon);
      }
    }
    return new FrameworkLayer(gamma, layer.affine().beta(), mean, meanLow, variance, epsilon);
  }

  /// Whether the root must become 1 but is not 1.
  private static boolean isOne(Layer layer, int feature, double variance, double epsilon) {
    return layer.isZero(feature) || layer.deviation(feature) != Math.sqrt(variance + epsilon);
  }

  private static double varianceOfRootOne(double epsilon) {
    double near = 1 - epsilon;
    for (double variance : new double[] {near, Math.nextUp(near), Math.nextDown(near)}) {
      if (variance >= 0 && variance + epsilon == 1) {
        return variance;
      }
    }
    throw new IllegalStateException("no variance has the root 1 with epsilon " + epsilon);
  }

  boolean hasMeanLow() {
    return Arrays.stream(meanLow).anyMatch(low -> low != 0);
  }
}
