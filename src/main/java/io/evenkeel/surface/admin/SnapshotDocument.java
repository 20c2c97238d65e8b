package io.evenkeel.surface.admin;

import io.evenkeel.http.command.CommandBody;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.SnapshotLabel;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/// The label of a snapshot to take: `{"label": "2026-11"}`.
record SnapshotDocument(
    @NotNull
        @Pattern(
            regexp = "(?!" + SnapshotLabel.LIVE + "$)" + NormalizerName.PATTERN,
            message =
                "must be a lower-case letter or digit, then up to 127 of a-z, 0-9, '.', '_' and"
                    + " '-', and not 'live'")
        @Nullable String label,
    @Reason @Nullable String reason)
    implements CommandBody {

  /// The label. The document must be valid.
  SnapshotLabel toLabel() {
    return new SnapshotLabel(label == null ? "" : label);
  }
}
