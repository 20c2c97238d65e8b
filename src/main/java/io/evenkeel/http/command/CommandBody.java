package io.evenkeel.http.command;

import org.jspecify.annotations.Nullable;

/// The body of a command. It may give a reason.
public interface CommandBody {
  /// The reason, for the audit trail.
  @Nullable String reason();
}
