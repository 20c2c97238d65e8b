package io.evenkeel.normalizer;

import java.util.Optional;

/// Applies the events that freeze and unfreeze a normalizer that exists.
record FreezeFold(Transition at) {

  Fold.Step freeze(NormalizerEvent.Frozen frozen) {
    Optional<Freeze.Scope> held = current().frozen().map(Freeze::scope);
    Freeze.Scope scope = frozen.scope().or(() -> held).orElse(Freeze.Scope.STATISTICS);
    if (held.filter(scope::equals).isPresent()) {
      return at.same(new Outcome.Unchanged(current()));
    }
    Freeze freeze = new Freeze(scope, at.stamp().at(), at.envelope().reason());
    return at.audited("freeze", current().withFreeze(Optional.of(freeze), at.keyed(), at.stamp()));
  }

  Fold.Step unfreeze() {
    return current().isFrozen()
        ? at.audited("unfreeze", current().withFreeze(Optional.empty(), at.keyed(), at.stamp()))
        : at.same(new Outcome.Unchanged(current()));
  }

  private Normalizer current() {
    return at.current();
  }
}
