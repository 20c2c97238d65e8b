package io.evenkeel.framework;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.statistics.GivenStatistics;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.Preset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// A `StandardScaler` as a client sent it. It becomes pooled statistics by which inference divides
/// by `scale_`, exact to the last bit.
///
/// scikit-learn divides by `scale_` and ignores `var_`; the service divides by the root of M2/n. So
/// this searches, `var_` first, for a variance whose root is `scale_` and that is a quotient M2/n.
/// If n is no power of 2 not every double is such a quotient. In the rare case that no candidate
/// is, n moves by units in its last place. For attributes that scikit-learn has computed, `var_`
/// and n fit.
@SuppressWarnings("ArrayRecordComponent") // read and checked once, never compared
record ScikitLearnScaler(
    boolean centers,
    boolean scales,
    double[] count,
    double @Nullable [] mean,
    double @Nullable [] meanLow,
    double @Nullable [] variance,
    double @Nullable [] scale,
    int features) {

  private static final int MOST_STEPS = 64;

  /// Adds the faults of features whose attributes no pooled statistics can have.
  void check(MemberRules rules) {
    for (int j = 0; j < features; j++) {
      boolean untouched =
          (mean == null || !centers || mean[j] == 0) && (scale == null || scale[j] == 1);
      if (count[j] == 0 && !untouched) {
        String detail =
            "'n_samples_seen_' is 0 at " + j + "; the mean there must be 0 and the scale 1.";
        rules.fault("#/n_samples_seen_", Fault.POSITIVE, detail);
      } else if (scale != null && count[j] > 0 && search(j).isEmpty()) {
        String want = "its square must be finite and above the rounding error of the mean";
        rules.at("#/scale_", "scale_", j, scale[j], Fault.OUT_OF_RANGE, want);
      }
    }
  }

  /// A count and a variance.
  private record Moments(double count, double variance) {}

  private Optional<Moments> search(int j) {
    double wanted = scale == null ? 1 : scale[j];
    double square = wanted * wanted;
    double[] variances = {
      variance == null ? square : variance[j], square, Math.nextUp(square), Math.nextDown(square)
    };
    double n = count[j];
    for (int step = 0; step < MOST_STEPS; step++) {
      for (double v : variances) {
        if (v >= 0
            && isQuotient(v, n)
            && Normalization.deviation(meanOf(j), v, rules()) == wanted) {
          return Optional.of(new Moments(n, v));
        }
      }
      n = Math.nextUp(n);
    }
    return Optional.empty();
  }

  /// Whether M2/n is this variance for some M2.
  private static boolean isQuotient(double variance, double n) {
    double product = variance * n;
    return product / n == variance
        || Math.nextUp(product) / n == variance
        || Math.nextDown(product) / n == variance;
  }

  private double meanOf(int j) {
    return mean == null ? 0 : mean[j];
  }

  private NormalizationRules rules() {
    return new NormalizationRules(
        centers,
        scales,
        0,
        ConstantFeature.ONE,
        MissingValues.IGNORE,
        OptionalDouble.empty(),
        Activation.NONE);
  }

  /// The normalizer that the scaler makes. The scaler must be valid.
  ImportedLayer imported(@Nullable List<String> names) {
    double[] counts = count.clone();
    double[] variances = GivenLayer.filled(features, 1);
    double[] means = mean == null ? new double[features] : mean;
    for (int j = 0; scales && j < features; j++) {
      if (count[j] > 0) {
        Moments found = search(j).orElseThrow();
        counts[j] = found.count();
        variances[j] = found.variance();
      }
    }
    return new ImportedLayer(
        GivenLayer.definition(
            Preset.SCIKIT_LEARN,
            GivenLayer.features(names, features),
            Preset.SCIKIT_LEARN.averaging(),
            rules(),
            Affine.identity(features)),
        new GivenStatistics(
            counts,
            means,
            meanLow == null ? new double[features] : meanLow,
            variances,
            GivenLayer.filled(features, Double.NaN),
            GivenLayer.filled(features, Double.NaN),
            new double[features]));
  }
}
