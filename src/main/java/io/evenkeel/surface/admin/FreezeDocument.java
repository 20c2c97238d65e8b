package io.evenkeel.surface.admin;

import io.evenkeel.fault.Wire;
import io.evenkeel.http.command.CommandBody;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.validation.OneOf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What to freeze and why: `{"scope": "all", "reason": "trained"}`. Without a scope, a frozen
/// normalizer keeps its scope, and another one gets `statistics`.
record FreezeDocument(
    @OneOf(Freeze.Scope.class) @Nullable String scope, @Reason @Nullable String reason)
    implements CommandBody {
  static final FreezeDocument EMPTY = new FreezeDocument(null, null);

  Optional<Freeze.Scope> toScope() {
    return Optional.ofNullable(scope).flatMap(word -> Wire.parse(Freeze.Scope.class, word));
  }
}
