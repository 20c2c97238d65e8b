package io.evenkeel.engine.store;

import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The present states of all normalizers in memory, by name. Any number of threads read and never
/// wait; one thread writes.
public final class NormalizerStates {
  /// Hears of changes, on the thread that writes, which must not wait.
  public interface Listener {
    /// A name has another state than before, or none. Readers find it already.
    void changed(NormalizerName name);

    /// Any name may have another state than before.
    void allChanged();
  }

  /// Nobody listens.
  private static final Listener NOBODY =
      new Listener() {
        @Override
        public void changed(NormalizerName name) {}

        @Override
        public void allChanged() {}
      };

  private record Held(Normalizer state, long position) {}

  private final Definitions definitions = new Definitions();
  private final long room;
  private volatile Listener listener = NOBODY;
  private volatile StateMemory memory;
  private volatile NavigableMap<String, Held> byName = new ConcurrentSkipListMap<>();

  /// Without a limit of memory.
  public NormalizerStates() {
    this(Long.MAX_VALUE);
  }

  /// @param room how many bytes the states may take
  public NormalizerStates(long room) {
    this.room = room;
    this.memory = new StateMemory(room);
  }

  /// Tells this listener of all changes from now on, and no other.
  public void tell(Listener to) {
    listener = to;
  }

  /// About how many bytes the states take.
  public long bytes() {
    return memory.bytes();
  }

  /// Whether there is memory for a state in place of the one before; belongs to the thread that
  /// writes.
  public boolean hasRoomFor(Normalizer next) {
    Normalizer before = stateOf(byName.get(next.name().value()));
    return memory.hasRoom(memory.growth(before, next, List.of()));
  }

  /// Counts their memory; belongs to the thread that writes.
  StateMemory memory() {
    return memory;
  }

  /// The state of a name.
  public Optional<Normalizer> find(NormalizerName name) {
    Held held = byName.get(name.value());
    return held == null ? Optional.empty() : Optional.of(held.state);
  }

  /// The position of the entry that made the state of a name, or of a later entry of its group; 0
  /// if there is no such name.
  long position(NormalizerName name) {
    Held held = byName.get(name.value());
    return held == null ? 0 : held.position;
  }

  /// Up to `limit` states whose names begin with `prefix` and come after `after`, by name.
  public List<Normalizer> list(String prefix, Optional<String> after, int limit) {
    NavigableMap<String, Held> rest =
        after
            .filter(name -> name.compareTo(prefix) >= 0)
            .map(name -> byName.tailMap(name, false))
            .orElseGet(() -> byName.tailMap(prefix, true));
    List<Normalizer> page = new ArrayList<>();
    for (Held held : rest.values()) {
      if (page.size() >= limit || !held.state.name().value().startsWith(prefix)) {
        break;
      }
      page.add(held.state);
    }
    return page;
  }

  /// The number of normalizers.
  public int size() {
    return byName.size();
  }

  /// The object that stands for all definitions equal to this one; belongs to the thread that
  /// writes.
  public NormalizerDefinition shared(NormalizerDefinition definition) {
    return definitions.shared(definition);
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
    private final NavigableMap<String, Held> next = new ConcurrentSkipListMap<>();
    private final StateMemory memoryOfNext = new StateMemory(room);

    void add(Normalizer state, long position) {
      next.put(state.name().value(), new Held(state, position));
      memoryOfNext.replace(null, state);
    }

    /// Replaces the old set by this one, for every reader at once.
    void publish() {
      byName = next;
      memory = memoryOfNext;
      listener.allChanged();
    }
  }

  /// Shows a state in place of the one before; belongs to the thread that writes.
  ///
  /// @param position of the entry that made it, or of a later entry of its group
  public void put(Normalizer next, long position) {
    replaced(next.name(), byName.put(next.name().value(), new Held(next, position)), next);
  }

  /// Shows that a name is free; belongs to the thread that writes.
  public void remove(NormalizerName name) {
    replaced(name, byName.remove(name.value()), null);
  }

  @SuppressWarnings("ReferenceEquality") // a state that was read again stays the same object
  private void replaced(NormalizerName name, @Nullable Held held, @Nullable Normalizer next) {
    Normalizer before = stateOf(held);
    memory.replace(before, next);
    if (before != next) {
      listener.changed(name);
    }
  }

  private static @Nullable Normalizer stateOf(@Nullable Held held) {
    return held == null ? null : held.state;
  }
}
