package io.evenkeel.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.fault.Wire;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.OutOfRange;
import io.evenkeel.validation.Finite;
import io.evenkeel.validation.OneOf;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// A feature as JSON: `{"name": "age", "min": 0, "max": 130, "onOutOfRange": "clip"}`.
@MinNotAboveMax
@JsonInclude(JsonInclude.Include.NON_NULL)
record FeatureDocument(
    @NotNull
        @Size(min = 1, max = FeatureNames.LONGEST, message = FeatureNames.LENGTH_RULE)
        @Pattern(regexp = FeatureNames.ALLOWED, message = FeatureNames.CHARACTER_RULE)
        @Nullable String name,
    @Finite @Nullable Double min,
    @Finite @Nullable Double max,
    @OneOf(OutOfRange.class) @Nullable String onOutOfRange) {

  static FeatureDocument of(Feature feature) {
    return new FeatureDocument(
        feature.name(),
        Double.isInfinite(feature.min()) ? null : feature.min(),
        Double.isInfinite(feature.max()) ? null : feature.max(),
        Wire.word(feature.onOutOfRange()));
  }

  static FeatureDocument named(String name) {
    return new FeatureDocument(name, null, null, null);
  }

  /// The feature. The document must be valid.
  Feature toFeature() {
    return new Feature(
        String.valueOf(name),
        min == null ? Double.NEGATIVE_INFINITY : min,
        max == null ? Double.POSITIVE_INFINITY : max,
        Wire.parse(OutOfRange.class, onOutOfRange, OutOfRange.REJECT));
  }
}
