package io.evenkeel.drift;

/// What the groups so far tell about a normalizer.
///
/// @param threshold the greatest p-value of a feature that has drifted; −1 if none has
/// @param found the features that have drifted
/// @param largestShift the greatest shift of a mean in reference deviations; 0 below eight groups
record Verdict(double threshold, FoundFeatures found, double largestShift) {
  /// Before there is anything to compare.
  static final Verdict NONE = new Verdict(-1, FoundFeatures.NONE, 0);

  /// How many features have drifted.
  int drifted() {
    return found.count();
  }
}
