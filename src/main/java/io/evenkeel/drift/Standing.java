package io.evenkeel.drift;

import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.SnapshotLabel;
import java.time.Instant;
import java.util.Optional;

/// The model that serves and stays as it is: that of the serving snapshot, or that of a frozen
/// normalizer. Statistics that training still moves follow what comes in, so that nothing can be
/// compared with them.
///
/// @param origin of the statistics
/// @param rows the rows in the statistics; 0 if nobody knows
/// @param batches the batches in them
public record Standing(Origin origin, Model model, long rows, long batches) {
  /// Names the statistics: other statistics have another origin.
  ///
  /// @param incarnation of the normalizer
  /// @param snapshot the serving snapshot; empty for a freeze
  /// @param since when the snapshot was taken, or when the freeze began
  public record Origin(long incarnation, Optional<SnapshotLabel> snapshot, Instant since) {}

  /// The standing model of a normalizer; empty if none serves.
  public static Optional<Standing> of(Normalizer normalizer) {
    long incarnation = normalizer.revision().incarnation();
    Optional<Snapshot> serving = normalizer.chosen(Optional.empty());
    if (serving.isPresent()) {
      Snapshot s = serving.get();
      Origin origin = new Origin(incarnation, Optional.of(s.label()), s.createdAt());
      return Optional.of(new Standing(origin, s.model(), s.rows(), s.batches()));
    }
    return normalizer
        .frozen()
        .map(freeze ->
            new Standing(
                new Origin(incarnation, Optional.empty(), freeze.since()),
                normalizer.live(),
                normalizer.rows(),
                normalizer.batches()));
  }

  /// The number of equally weighted rows whose mean is as exact as the running mean; infinite if
  /// nobody knows how many rows there were. Averages that forget keep few rows: a momentum a the
  /// last 2/a − 1 batches, a half-life h the last 2 h / ln 2 rows.
  double effectiveRows() {
    if (rows == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double aBatch = (double) rows / Math.max(1, batches);
    return Math.min(
        (double) rows,
        switch (model.definition().averaging()) {
          case Averaging.Cumulative _, Averaging.CumulativeBatches _ -> (double) rows;
          case Averaging.Exponential e -> aBatch * (2 / e.momentum() - 1);
          case Averaging.Decaying d -> 2 * d.halfLifeRows() / Math.log(2);
          case Averaging.Window w -> aBatch * w.batches();
        });
  }
}
