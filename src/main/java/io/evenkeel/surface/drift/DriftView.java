package io.evenkeel.surface.drift;

import io.evenkeel.drift.DriftReport;
import io.evenkeel.drift.FeatureDrift;
import io.evenkeel.drift.Standing;
import io.evenkeel.http.Page;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.SnapshotLabel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Drift as JSON.
///
/// @param scope `all` if what other replicas show is added, else `replica`: the batches that this
///   replica answers
/// @param drifted whether any feature has drifted
/// @param driftedFeatures how many features have drifted, on this page or not
/// @param reference the statistics compared with; null if none serves that stays as it is
/// @param live what came in since; null if nothing is compared
/// @param features those that were asked for, in the definition's order; empty if nothing is
///   compared
record DriftView(
    String normalizer,
    String scope,
    boolean drifted,
    int driftedFeatures,
    @Nullable ReferenceView reference,
    @Nullable LiveView live,
    List<FeatureView> features,
    @Nullable String nextPageToken) {

  /// The statistics compared with.
  ///
  /// @param snapshot the serving snapshot; null for a frozen normalizer
  /// @param since when the snapshot was taken, or the freeze began
  record ReferenceView(
      @Nullable String snapshot, Instant since, long version, long rows, long batches) {
    private static ReferenceView of(Standing standing) {
      return new ReferenceView(
          standing.origin().snapshot().map(SnapshotLabel::value).orElse(null),
          standing.origin().since(),
          standing.model().version(),
          standing.rows(),
          standing.batches());
    }
  }

  /// What came in.
  ///
  /// @param groups the groups that the batches were gathered to
  /// @param referenceRows how many of the rows made the reference of bins and rates
  /// @param replicas whose batches these are
  /// @param oldestSeconds how old the oldest of their parts was when they were added last
  record LiveView(
      long rows, long batches, int groups, long referenceRows, int replicas, double oldestSeconds) {
    private static LiveView of(DriftReport.Compared compared) {
      return new LiveView(
          compared.rows(),
          compared.batches(),
          compared.groups(),
          compared.referenceRows(),
          compared.replicas(),
          compared.oldest().toMillis() / 1e3);
    }
  }

  /// The word for what a report covers.
  static String scope(boolean ofAll) {
    return ofAll ? "all" : "replica";
  }

  static DriftView of(NormalizerName name, DriftReport report, int size) {
    List<FeatureDrift> found =
        report.compared().map(DriftReport.Compared::features).orElse(List.of());
    Page<FeatureDrift> page = Page.of(found, size);
    Optional<String> next = page.next(last -> Integer.toString(last.index() + 1));
    return new DriftView(
        name.value(),
        scope(report.ofAll()),
        report.drifted() > 0,
        report.drifted(),
        report.standing().map(ReferenceView::of).orElse(null),
        report.compared().map(LiveView::of).orElse(null),
        page.entries().stream().map(FeatureView::of).toList(),
        next.orElse(null));
  }
}
