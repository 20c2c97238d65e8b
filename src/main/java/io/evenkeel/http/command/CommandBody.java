package io.evenkeel.http.command;

import org.jspecify.annotations.Nullable;

/// The body of a command: whatever else it says, it may say why.
public interface CommandBody {
  /// For the audit trail.
  @Nullable String reason();
}
