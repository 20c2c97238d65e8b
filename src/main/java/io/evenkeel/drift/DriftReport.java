package io.evenkeel.drift;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What this replica knows of the drift of a normalizer.
///
/// @param ofAll whether what other replicas show is added
/// @param standing the statistics that are the reference; empty if none serves that stays as it is
/// @param compared the comparison; empty before any inference batch, without a reference, if drift
///   is switched off, or if other normalizers take all its memory
public record DriftReport(boolean ofAll, Optional<Standing> standing, Optional<Compared> compared) {

  /// A comparison.
  ///
  /// @param rows the inference rows since the reference was set
  /// @param batches the batches of these rows
  /// @param groups the groups that these batches were gathered to
  /// @param referenceRows how many of the rows made the reference of bins and rates
  /// @param drifted how many features have drifted
  /// @param replicas whose batches these are
  /// @param oldest how old the oldest of their parts was when they were added last
  /// @param features those that were asked for
  public record Compared(
      long rows,
      long batches,
      int groups,
      long referenceRows,
      int drifted,
      int replicas,
      Duration oldest,
      List<FeatureDrift> features) {}

  /// How many features have drifted.
  public int drifted() {
    return compared.map(Compared::drifted).orElse(0);
  }
}
