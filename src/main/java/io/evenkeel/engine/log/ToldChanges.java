package io.evenkeel.engine.log;

import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.normalization.StateChanges;
import io.evenkeel.normalizer.NormalizerName;

/// Hands the changes of the states in memory on to those who follow them.
record ToldChanges(StateChanges changes) implements NormalizerStates.Listener {
  @Override
  public void changed(NormalizerName name) {
    changes.changed(name);
  }

  @Override
  public void allChanged() {
    changes.allChanged();
  }
}
