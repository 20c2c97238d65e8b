package io.evenkeel.engine.log;

import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.normalization.StateChanges;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.util.List;
import java.util.Optional;

/// A log with all states in memory: readers see immutable ones and never wait.
public abstract class StatesLog implements EngineLog {
  private final NormalizerStates states;
  private final StateChanges changes = new StateChanges();

  /// @param states what the log shows
  protected StatesLog(NormalizerStates states) {
    this.states = states;
    states.tell(new ToldChanges(changes));
  }

  @Override
  public final Optional<Normalizer> find(NormalizerName name) {
    return states.find(name);
  }

  @Override
  public final List<Normalizer> list(String prefix, Optional<String> after, int limit) {
    return states.list(prefix, after, limit);
  }

  @Override
  public final long size() {
    return states.size();
  }

  @Override
  public final StateChanges changes() {
    return changes;
  }
}
