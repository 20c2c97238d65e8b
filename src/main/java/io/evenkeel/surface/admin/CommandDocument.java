package io.evenkeel.surface.admin;

import io.evenkeel.http.command.CommandBody;
import org.jspecify.annotations.Nullable;

/// The body of a command: `{"reason": "rebuilt upstream"}`. It may be left out.
record CommandDocument(@Reason @Nullable String reason) implements CommandBody {
  static final CommandDocument EMPTY = new CommandDocument(null);
}
