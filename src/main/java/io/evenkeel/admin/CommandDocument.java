package io.evenkeel.admin;

import io.evenkeel.http.CommandBody;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// A command's body, which may be left out: `{"reason": "rebuilt upstream"}`.
record CommandDocument(
    @Size(max = 1000, message = "must have at most {max} characters") @Nullable String reason)
    implements CommandBody {
  static final CommandDocument EMPTY = new CommandDocument(null);
}
