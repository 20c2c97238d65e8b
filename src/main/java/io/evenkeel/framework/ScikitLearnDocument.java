package io.evenkeel.framework;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.definition.Features;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The attributes of a fitted `sklearn.preprocessing.StandardScaler` as JSON, under the names of
/// scikit-learn: (x − mean_) / scale_.
///
/// As in scikit-learn, `mean_` is null if the scaler neither centres nor scales, `var_` and
/// `scale_` are null if it does not scale, and `feature_names_in_` is absent if the features have
/// no names.
@SuppressWarnings("ArrayRecordComponent") // bound once, never compared
@JsonIgnoreProperties({"copy"}) // inference does not use it
public record ScikitLearnDocument(
    @JsonProperty("with_mean") @Nullable Boolean withMean,
    @JsonProperty("with_std") @Nullable Boolean withStd,
    @JsonProperty("n_features_in_") @Nullable Integer features,
    @JsonProperty("feature_names_in_") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable List<String> featureNames,
    @JsonProperty("n_samples_seen_") @Nullable SamplesSeen samplesSeen,
    @JsonProperty("mean_") double @Nullable [] mean,
    @JsonProperty("var_") double @Nullable [] variance,
    @JsonProperty("scale_") double @Nullable [] scale,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ExtensionDocument evenkeel) {

  /// The document of a layer.
  ///
  /// @throws UnsupportedOperation if scikit-learn cannot do what the layer does
  public static ScikitLearnDocument of(Layer layer) {
    layer.requireAffine("scikit-learn");
    if (!layer.affine().isIdentity()) {
      throw new UnsupportedOperation(
          "Gamma must be 1 and beta 0 for each feature: scikit-learn has neither.");
    }
    boolean centers = layer.rules().center();
    boolean scales = layer.rules().scale();
    int size = layer.features();
    double[] deviation = IntStream.range(0, size).mapToDouble(layer::deviation).toArray();
    for (int j = 0; j < size; j++) {
      requireExpressible(layer, j, deviation[j]);
    }
    double[] low = IntStream.range(0, size).mapToDouble(layer::meanLow).toArray();
    boolean hasLow = Arrays.stream(low).anyMatch(each -> each != 0);
    ExtensionDocument extension = ExtensionDocument.of(layer, hasLow ? low : null);
    return new ScikitLearnDocument(
        centers,
        scales,
        size,
        extension.features(),
        SamplesSeen.of(array(size, layer::count)),
        centers || scales ? array(size, layer.statistics()::mean) : null,
        scales ? array(size, layer.statistics()::variance) : null,
        scales ? deviation : null,
        new ExtensionDocument(null, extension.meanLow()).orNull());
  }

  private static double[] array(int size, IntToDoubleFunction value) {
    return IntStream.range(0, size).mapToDouble(value).toArray();
  }

  private static void requireExpressible(Layer layer, int feature, double deviation) {
    String name = layer.definition().features().name(feature);
    if (deviation == Double.POSITIVE_INFINITY) {
      throw new UnsupportedOperation(
          "'constantFeature' is 'zero' and "
              + Excerpt.quoted(name)
              + " is constant; scikit-learn divides it by 1 instead.");
    }
    if (layer.count(feature) == 0 && (layer.mean(feature) != 0 || deviation != 1)) {
      throw new UnsupportedOperation(
          Excerpt.quoted(name)
              + " has no value yet; in scikit-learn its mean would be 0 and its scale 1.");
    }
  }

  /// The normalizer that the document makes.
  ///
  /// @throws io.evenkeel.normalizer.NormalizationException.InvalidInput with all faults
  public ImportedLayer toImported() {
    MemberRules rules = new MemberRules();
    boolean centers = withMean == null || withMean;
    boolean scales = withStd == null || withStd;
    countFeatures(centers, scales, rules);
    rules.finite("mean_", mean);
    if (scale == null) {
      rules.variances("var_", variance);
    } else {
      // inference divides by scale_, and scikit-learn's own var_ may be below 0 by rounding
      rules.finite("var_", variance);
    }
    rules.finite("scale_", scale);
    rules.each("scale_", scale, s -> !(s <= 0), Fault.POSITIVE, "it must be above 0");
    refuseUnlessNull("scale_", scale, scales, rules);
    refuseUnlessNull("var_", variance, scales, rules);
    rules.names("#/feature_names_in_", featureNames);
    ExtensionDocument extension = evenkeel == null ? ExtensionDocument.EMPTY : evenkeel;
    rules.names("#/evenkeel/features", extension.features());
    rules.meanLow("#/evenkeel/meanLow", extension.meanLow(), mean);
    double[] counts = counts(rules);
    ScikitLearnScaler scaler =
        new ScikitLearnScaler(
            centers, scales, counts, mean, extension.meanLow(), variance, scale, rules.features());
    if (!rules.isBroken()) {
      scaler.check(rules);
    }
    rules.require();
    return scaler.imported(featureNames == null ? extension.features() : featureNames);
  }

  /// Takes D from the members that inference uses, or from `n_features_in_` if it uses none.
  private void countFeatures(boolean centers, boolean scales, MemberRules rules) {
    if (centers) {
      rules.features("mean_", mean);
    }
    if (scales) {
      rules.features("scale_", scale);
    }
    if (!centers && !scales) {
      if (features == null || features < 1 || features > Features.MOST) {
        String detail =
            "'n_features_in_' is " + features + "; it must be 1 to " + Features.MOST + ".";
        rules.fault("#/n_features_in_", features == null ? Fault.NOT_NULL : Fault.SIZE, detail);
      } else {
        rules.features("n_features_in_", new double[features]);
      }
    } else if (features != null && rules.features() >= 0 && features != rules.features()) {
      String detail =
          "'n_features_in_' is " + features + "; there are " + rules.features() + " features.";
      rules.fault("#/n_features_in_", Fault.SIZE, detail);
    }
  }

  private static void refuseUnlessNull(
      String member, double @Nullable [] values, boolean scales, MemberRules rules) {
    if (!scales && values != null) {
      rules.fault(
          "#/" + member,
          "null",
          "'" + member + "' is given, but 'with_std' is false; it must be null.");
    }
  }

  private double[] counts(MemberRules rules) {
    if (samplesSeen == null) {
      rules.fault("#/n_samples_seen_", Fault.NOT_NULL, MemberRules.missing("n_samples_seen_"));
      return new double[0];
    }
    double[] counts = samplesSeen.values();
    if (samplesSeen.all()) {
      boolean valid = counts[0] >= 0 && Double.isFinite(counts[0]);
      String code = counts[0] < 0 ? Fault.NEGATIVE : Fault.NOT_FINITE;
      String want = "it must be 0 or greater, and finite";
      rules.number("n_samples_seen_", counts[0], valid, code, want);
    } else {
      rules.variances("n_samples_seen_", counts);
    }
    for (double count : counts) {
      boolean counted = !(count > MemberRules.MOST_COUNTED) || Double.isInfinite(count);
      String want = "it must be at most 2^53";
      rules.number("n_samples_seen_", count, counted, Fault.OUT_OF_RANGE, want);
    }
    return samplesSeen.forEach(Math.max(0, rules.features()));
  }
}
