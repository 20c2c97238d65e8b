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

  /// In as much memory as they take.
  public NormalizerStates() {
    this(Long.MAX_VALUE);
  }

  /// @param room bytes that there are for them
  public NormalizerStates(long room) {
    this.room = room;
    this.memory = new StateMemory(room);
  }

  /// About how many bytes they take.
  public long bytes() {
    return memory.bytes();
  }

  /// What they are counted in; belongs to the thread that writes.
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

  /// How many there are.
  public int size() {
    return byName.size();
  }

  /// What their definitions are shared by; belongs to the thread that writes.
  Definitions definitions() {
    return definitions;
  }

  /// The beginning of states that are to take the place of these.
  Anew anew() {
    return new Anew();
  }

  /// All states read anew, gathered one by one while readers go on with the old ones.
  final class Anew {
    private final NavigableMap<String, Normalizer> next = new ConcurrentSkipListMap<>();
    private final StateMemory memoryOfNext = new StateMemory(room);

    void add(Normalizer state) {
      next.put(state.name().value(), state);
      memoryOfNext.replace(null, state);
    }

    /// Forgets the old states and knows these, for every reader at once.
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
