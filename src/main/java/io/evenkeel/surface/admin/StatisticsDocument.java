package io.evenkeel.surface.admin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.evenkeel.admission.ReceivedStatistics;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.http.command.CommandBody;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Statistics that replace those of a normalizer: `{"count": [..], "mean": [..], "variance":
/// [..]}`. The variance is by the normalizer's own estimator. An unknown minimum or maximum is left
/// out or null.
///
/// The answer of `GET .../statistics` is such a document. If it has `features`, they must be those
/// of the normalizer. Its other members are ignored.
@JsonIgnoreProperties({
  "normalizer",
  "version",
  "frozen",
  "rows",
  "batches",
  "m2",
  "constant",
  "untrained",
  "saturated"
})
@SuppressWarnings("ArrayRecordComponent") // bound once, never compared
record StatisticsDocument(
    @Nullable List<String> features,
    @Nullable Double @Nullable [] count,
    @Nullable Double @Nullable [] mean,
    @Nullable Double @Nullable [] variance,
    @Nullable Double @Nullable [] min,
    @Nullable Double @Nullable [] max,
    @Reason @Nullable String reason)
    implements CommandBody {

  /// The fault of statistics for other features, or for the same features in another order.
  Faults featureFaults(NormalizerDefinition definition) {
    Faults faults = new Faults();
    if (features != null && !features.equals(definition.features().names())) {
      String detail =
          "'features' must be the names of the normalizer's features in their order; or leave it"
              + " out.";
      faults.add(new Fault("#/features", Fault.UNKNOWN_FEATURE, detail));
    }
    return faults;
  }

  /// The statistics, not yet validated.
  ReceivedStatistics toReceived(NormalizerDefinition definition) {
    return new ReceivedStatistics(
        ReceivedStatistics.Kind.STATISTICS,
        definition,
        NumbersOrNull.unboxed(count),
        NumbersOrNull.unboxed(mean),
        NumbersOrNull.unboxed(variance),
        NumbersOrNull.unboxed(min),
        NumbersOrNull.unboxed(max));
  }
}
