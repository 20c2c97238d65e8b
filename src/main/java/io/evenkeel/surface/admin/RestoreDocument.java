package io.evenkeel.surface.admin;

import io.evenkeel.http.command.CommandBody;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// The snapshot to restore: `{"snapshot": "2026-11"}`.
record RestoreDocument(@NotNull @Nullable String snapshot, @Reason @Nullable String reason)
    implements CommandBody {}
