package io.evenkeel.admin;

import io.evenkeel.http.CommandBody;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// The snapshot to go back to: `{"snapshot": "2026-11"}`.
record RestoreDocument(
    @NotNull @Nullable String snapshot,
    @Size(max = 1000, message = "must have at most {max} characters") @Nullable String reason)
    implements CommandBody {}
