package io.evenkeel.admin;

import io.evenkeel.http.CommandBody;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.validation.ReceivedStatistics;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// Statistics to be taken over: `{"count": [..], "mean": [..], "variance": [..]}`, the variance by
/// the normalizer's own estimator. A minimum or maximum that is not known is left out or null.
@SuppressWarnings("ArrayRecordComponent") // bound once, never compared
record StatisticsDocument(
    double @Nullable [] count,
    double @Nullable [] mean,
    double @Nullable [] variance,
    @Nullable Double @Nullable [] min,
    @Nullable Double @Nullable [] max,
    @Size(max = 1000, message = "must have at most {max} characters") @Nullable String reason)
    implements CommandBody {

  /// The statistics, to be held against their rules.
  ReceivedStatistics toReceived(NormalizerDefinition definition) {
    return new ReceivedStatistics(
        ReceivedStatistics.Kind.STATISTICS,
        definition,
        count,
        mean,
        variance,
        Extremes.unboxed(min),
        Extremes.unboxed(max));
  }
}
