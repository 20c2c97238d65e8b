package io.evenkeel.admin;

import io.evenkeel.normalizer.Freeze;
import io.evenkeel.validation.OneOf;
import io.evenkeel.validation.Wire;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// What is to be held and why: `{"scope": "all", "reason": "trained"}`; `statistics` where nothing
/// is said.
record FreezeDocument(
    @OneOf(Freeze.Scope.class) @Nullable String scope,
    @Size(max = 1000, message = "must have at most {max} characters") @Nullable String reason) {
  static final FreezeDocument EMPTY = new FreezeDocument(null, null);

  Freeze.Scope toScope() {
    return scope == null
        ? Freeze.Scope.STATISTICS
        : Wire.parse(Freeze.Scope.class, scope).orElse(Freeze.Scope.STATISTICS);
  }
}
