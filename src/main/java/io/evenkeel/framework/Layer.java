package io.evenkeel.framework;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Numbers;
import io.evenkeel.fault.Wire;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import java.util.List;
import java.util.stream.IntStream;

/// The part of a normalizer that exports need: the model that infers, and how many batches it was
/// trained with.
///
/// With μ and s of a feature as [Normalization] uses them, inference is y = γ (x − μ) / s + β.
///
/// @param statistics of the model
/// @param batches how many batches made the statistics
public record Layer(NormalizerName name, Model model, MeanAndVariance statistics, long batches) {

  /// The layer of the present state.
  public static Layer of(Normalizer normalizer) {
    return of(normalizer.name(), normalizer.live(), normalizer.batches());
  }

  /// The layer of a snapshot.
  public static Layer of(NormalizerName name, Snapshot snapshot) {
    return of(name, snapshot.model(), snapshot.batches());
  }

  private static Layer of(NormalizerName name, Model model, long batches) {
    return new Layer(name, model, model.running().meanAndVariance(), batches);
  }

  NormalizerDefinition definition() {
    return model.definition();
  }

  Affine affine() {
    return model.affine();
  }

  /// The version of the state.
  public long version() {
    return model.version();
  }

  /// The sum of the weights of the values of a feature.
  double count(int feature) {
    return model.running().count(feature);
  }

  NormalizationRules rules() {
    return definition().rules();
  }

  /// D.
  int features() {
    return statistics.features();
  }

  /// The leading part of μ.
  double mean(int feature) {
    return rules().center() ? statistics.mean(feature) : 0;
  }

  /// The low part of μ.
  double meanLow(int feature) {
    return rules().center() ? statistics.meanLow(feature) : 0;
  }

  /// s; infinite if the normalised value must be 0.
  double deviation(int feature) {
    return Normalization.deviation(statistics.mean(feature), statistics.variance(feature), rules());
  }

  /// Whether every normalised value is 0.
  boolean isZero(int feature) {
    return deviation(feature) == Double.POSITIVE_INFINITY;
  }

  /// The names of the features in their order.
  List<String> featureNames() {
    Features features = definition().features();
    return IntStream.range(0, features.size()).mapToObj(features::name).toList();
  }

  /// Whether any feature has a range and treats values outside it in this way.
  boolean hasRange(OutOfRange onOutOfRange) {
    Features features = definition().features();
    return features.anyRange()
        && IntStream.range(0, features.size())
            .mapToObj(features::get)
            .anyMatch(feature -> feature.hasRange() && feature.onOutOfRange() == onOutOfRange);
  }

  /// Refuses a layer whose inference is more than y = γ (x − μ) / s + β.
  ///
  /// @param format the format that can say no more
  /// @throws UnsupportedOperation with the member and the reason
  void requireAffine(String format) {
    if (rules().clip().isPresent()) {
      throw new UnsupportedOperation(
          "'clip' is "
              + Numbers.plain(rules().clip().getAsDouble())
              + "; "
              + format
              + " cannot limit normalised values.");
    }
    if (rules().activation() != Activation.NONE) {
      throw new UnsupportedOperation(
          "'activation' is '" + Wire.word(rules().activation()) + "'; " + format + " has none.");
    }
    if (rules().missing() == MissingValues.IMPUTE) {
      throw new UnsupportedOperation(
          "'missing' is 'impute'; in " + format + " a missing value stays missing.");
    }
    requireNoRange(format, OutOfRange.CLIP);
    requireNoRange(format, OutOfRange.MISSING);
  }

  private void requireNoRange(String format, OutOfRange onOutOfRange) {
    if (hasRange(onOutOfRange)) {
      Features features = definition().features();
      String name =
          IntStream.range(0, features.size())
              .mapToObj(features::get)
              .filter(feature -> feature.hasRange() && feature.onOutOfRange() == onOutOfRange)
              .map(Feature::name)
              .findFirst()
              .orElseThrow();
      throw new UnsupportedOperation(
          "'onOutOfRange' of "
              + Excerpt.quoted(name)
              + " is '"
              + Wire.word(onOutOfRange)
              + "'; "
              + format
              + " knows no ranges.");
    }
  }
}
