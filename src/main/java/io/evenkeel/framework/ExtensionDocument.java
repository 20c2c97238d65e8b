package io.evenkeel.framework;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.normalizer.Features;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a framework's attributes have no place for, as the member `evenkeel` beside them.
///
/// @param features names, where they are not `f0`, `f1`, ...
/// @param meanLow what is to be added to the means for their full precision, where it is not 0
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // bound once, never compared
record ExtensionDocument(@Nullable List<String> features, double @Nullable [] meanLow) {
  static final ExtensionDocument EMPTY = new ExtensionDocument(null, null);

  /// @param meanLow the rest of the means, or null where there is none
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

  /// This, or nothing where it says nothing.
  @Nullable ExtensionDocument orNull() {
    return features == null && meanLow == null ? null : this;
  }
}
