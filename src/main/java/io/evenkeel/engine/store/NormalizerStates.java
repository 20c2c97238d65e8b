package io.evenkeel.engine.store;

import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// The present states of all normalizers in memory, by name. Any number of threads read and never
/// wait; one thread writes.
public final class NormalizerStates {
  private final Definitions definitions = new Definitions();
  private final long room;
  private volatile StateMemory memory;
  private volatile NavigableMap<String, Normalizer> byName = new ConcurrentSkipListMap<>();

  /// Without a limit of memory.
  public NormalizerStates() {
    this(Long.MAX_VALUE);
  }

  /// @param room how many bytes the states may take
  public NormalizerStates(long room) {
    this.room = room;
    this.memory = new StateMemory(room);
  }

  /// About how many bytes the states take.
  public long bytes() {
    return memory.bytes();
  }

  /// Counts their memory; belongs to the thread that writes.
  StateMemory memory() {
    return memory;
  }

  /// The state of a name.
  public Optional<Normalizer> find(NormalizerName name) {
    return Optional.ofNullable(byName.get(name.value()));
  }

  /// Up to `limit` states whose names begin with `prefix` and come after `after`, by name.
  public List<Normalizer> list(String prefix, Optional<String> after, int limit) {
    NavigableMap<String, Normalizer> rest =
        after
            .filter(name -> name.compareTo(prefix) >= 0)
            .map(name -> byName.tailMap(name, false))
            .orElseGet(() -> byName.tailMap(prefix, true));
    List<Normalizer> page = new ArrayList<>();
    for (Normalizer normalizer : rest.values()) {
      if (page.size() >= limit || !normalizer.name().value().startsWith(prefix)) {
        break;
      }
      page.add(normalizer);
    }
    return page;
  }

  /// The number of normalizers.
  public int size() {
    return byName.size();
  }

  /// Shares equal definitions; belongs to the thread that writes.
  Definitions definitions() {
    return definitions;
  }

  /// Begins a new set of states that will replace this one.
  Anew anew() {
    return new Anew();
  }

  /// A new set of states, filled one by one while readers use the old set.
  final class Anew {
    private final NavigableMap<String, Normalizer> next = new ConcurrentSkipListMap<>();
    private final StateMemory memoryOfNext = new StateMemory(room);

    void add(Normalizer state) {
      next.put(state.name().value(), state);
      memoryOfNext.replace(null, state);
    }

    /// Replaces the old set by this one, for every reader at once.
    void publish() {
      byName = next;
      memory = memoryOfNext;
    }
  }

  void put(Normalizer next) {
    memory.replace(byName.put(next.name().value(), next), next);
  }

  void remove(NormalizerName name) {
    memory.replace(byName.remove(name.value()), null);
  }
}
