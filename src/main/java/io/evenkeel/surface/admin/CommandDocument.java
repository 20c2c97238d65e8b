package io.evenkeel.surface.admin;

import io.evenkeel.http.command.CommandBody;
import org.jspecify.annotations.Nullable;

/// A command's body, which may be left out: `{"reason": "rebuilt upstream"}`.
record CommandDocument(@Reason @Nullable String reason) implements CommandBody {
  static final CommandDocument EMPTY = new CommandDocument(null);
}
