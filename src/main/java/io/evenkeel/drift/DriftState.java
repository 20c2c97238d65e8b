package io.evenkeel.drift;

import io.evenkeel.normalizer.NormalizerName;
import java.util.List;

/// Whether a normalizer has drifted, in short.
///
/// @param drifted how many features have drifted
/// @param features the names of the first of them, at most [#MOST_NAMES]
public record DriftState(int drifted, List<String> features) {
  /// How many features are named: few, so that a state is small whatever the number of features.
  public static final int MOST_NAMES = 16;

  /// No feature has drifted, or nothing is compared.
  public static final DriftState NONE = new DriftState(0, List.of());

  public boolean hasDrifted() {
    return drifted > 0;
  }

  /// The state of a normalizer that is compared.
  public record Named(NormalizerName name, DriftState state) {}
}
