package io.evenkeel.surface.admin;

import io.evenkeel.admission.ReceivedStatistics;
import io.evenkeel.http.command.CommandBody;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import org.jspecify.annotations.Nullable;

/// The moments of a shard that another job has counted: `{"count": [..], "mean": [..], "m2":
/// [..]}`. An unknown minimum or maximum is left out or null. If the count of a feature is 0, its
/// mean and m2 may be null.
@SuppressWarnings("ArrayRecordComponent") // bound once, never compared
record MomentsDocument(
    @Nullable Double @Nullable [] count,
    @Nullable Double @Nullable [] mean,
    @Nullable Double @Nullable [] m2,
    @Nullable Double @Nullable [] min,
    @Nullable Double @Nullable [] max,
    @Reason @Nullable String reason)
    implements CommandBody {

  /// The moments, not yet validated.
  ReceivedStatistics toReceived(NormalizerDefinition definition) {
    return new ReceivedStatistics(
        ReceivedStatistics.Kind.SHARD,
        definition,
        NumbersOrNull.unboxed(count),
        NumbersOrNull.unboxed(mean),
        NumbersOrNull.unboxed(m2),
        NumbersOrNull.unboxed(min),
        NumbersOrNull.unboxed(max));
  }
}
