package io.evenkeel.framework;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.normalizer.definition.Features;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The member `evenkeel` beside the attributes of a framework, for values that the framework has no
/// place for.
///
/// @param features the names of the features, unless they are `f0`, `f1`, ...
/// @param meanLow the low parts of the means, unless all are 0; added to the means they give their
///   full precision
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // bound once, never compared
record ExtensionDocument(@Nullable List<String> features, double @Nullable [] meanLow) {
  static final ExtensionDocument EMPTY = new ExtensionDocument(null, null);

  /// @param meanLow the low parts of the means, or null if all are 0
  static ExtensionDocument of(Layer layer, double @Nullable [] meanLow) {
    Features numbered = Features.numbered(layer.features());
    return new ExtensionDocument(
        numbered.equals(layer.definition().features()) || isNumbered(layer)
            ? null
            : layer.featureNames(),
        meanLow);
  }

  private static boolean isNumbered(Layer layer) {
    List<String> names = layer.featureNames();
    for (int j = 0; j < names.size(); j++) {
      if (!names.get(j).equals("f" + j)) {
        return false;
      }
    }
    return true;
  }

  /// This document, or null if both members are null.
  @Nullable ExtensionDocument orNull() {
    return features == null && meanLow == null ? null : this;
  }
}
