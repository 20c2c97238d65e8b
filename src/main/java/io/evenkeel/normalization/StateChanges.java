package io.evenkeel.normalization;

import io.evenkeel.normalizer.NormalizerName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Which names have another state than before, as readers of this replica find it. Changes are
/// numbered from 1. A reader keeps the number up to which it has looked, asks for the names that
/// changed since, and finds their present states in the log.
///
/// A name is kept once, at its latest change, and only the [#KEPT] names that changed last are
/// kept. So a slow reader costs nothing: it misses states in between, and if it has missed more
/// names than are kept it looks at all of them again. Whoever changes states only notes the name,
/// and wakes the readers that wait on another thread.
///
/// Any thread may use it.
public final class StateChanges {
  /// How many names are kept.
  static final int KEPT = 1 << 14;

  private final ReentrantLock lock = new ReentrantLock();
  private final Scheduler scheduler;

  /// The number of the latest change of each name, the earliest first.
  private final SequencedMap<NormalizerName, Long> latest = new LinkedHashMap<>();

  private final Map<NormalizerName, Set<MonoSink<Void>>> waitingForOne = new HashMap<>();
  private final Set<MonoSink<Void>> waitingForAny = new LinkedHashSet<>();
  private long present;

  /// The names of changes up to this one may be forgotten.
  private long forgotten;

  /// Wakes the readers that wait on threads that compute.
  public StateChanges() {
    this(Schedulers.parallel());
  }

  /// @param scheduler wakes the readers that wait
  public StateChanges(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /// A name has another state than before, or none. Does not wait for readers.
  public void changed(NormalizerName name) {
    Collection<MonoSink<Void>> woken = new ArrayList<>();
    lock.lock();
    try {
      present++;
      latest.remove(name);
      latest.putLast(name, present);
      if (latest.size() > KEPT) {
        forgotten = latest.pollFirstEntry().getValue();
      }
      woken.addAll(waitingForOne.getOrDefault(name, Set.of()));
      woken.addAll(waitingForAny);
    } finally {
      lock.unlock();
    }
    wake(woken);
  }

  /// Any name may have another state than before.
  public void allChanged() {
    Collection<MonoSink<Void>> woken = new ArrayList<>();
    lock.lock();
    try {
      present++;
      forgotten = present;
      latest.clear();
      waitingForOne.values().forEach(woken::addAll);
      woken.addAll(waitingForAny);
    } finally {
      lock.unlock();
    }
    wake(woken);
  }

  private void wake(Collection<MonoSink<Void>> woken) {
    if (woken.isEmpty()) {
      return;
    }
    try {
      scheduler.schedule(() -> woken.forEach(MonoSink::success));
    } catch (RejectedExecutionException e) {
      // the service ends, and so does every stream
    }
  }

  /// The number of the latest change; 0 before the first.
  public long present() {
    lock.lock();
    try {
      return present;
    } finally {
      lock.unlock();
    }
  }

  /// The names that changed after a change, the earliest first.
  ///
  /// @return empty if there may be others, whose names are forgotten
  public Optional<List<NormalizerName>> since(long seen) {
    lock.lock();
    try {
      if (seen < forgotten) {
        return Optional.empty();
      }
      List<NormalizerName> names = new ArrayList<>();
      for (Map.Entry<NormalizerName, Long> change : latest.reversed().entrySet()) {
        if (change.getValue() <= seen) {
          break;
        }
        names.add(change.getKey());
      }
      return Optional.of(names.reversed());
    } finally {
      lock.unlock();
    }
  }

  /// Completes once any name has changed after a change, at once if one has.
  public Mono<Void> after(long seen) {
    return Mono.create(reader -> {
      lock.lock();
      try {
        if (present == seen) {
          waitingForAny.add(reader);
          reader.onDispose(() -> endWaiting(reader));
          return;
        }
      } finally {
        lock.unlock();
      }
      reader.success();
    });
  }

  /// Completes once one name has changed after a change, at once if it may have.
  public Mono<Void> after(long seen, NormalizerName name) {
    return Mono.create(reader -> {
      lock.lock();
      try {
        if (forgotten <= seen && latest.getOrDefault(name, 0L) <= seen) {
          waitingForOne.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(reader);
          reader.onDispose(() -> endWaiting(reader, name));
          return;
        }
      } finally {
        lock.unlock();
      }
      reader.success();
    });
  }

  private void endWaiting(MonoSink<Void> reader) {
    lock.lock();
    try {
      waitingForAny.remove(reader);
    } finally {
      lock.unlock();
    }
  }

  private void endWaiting(MonoSink<Void> reader, NormalizerName name) {
    lock.lock();
    try {
      waitingForOne.computeIfPresent(
          name,
          (_, readers) -> {
            readers.remove(reader);
            return readers.isEmpty() ? null : readers;
          });
    } finally {
      lock.unlock();
    }
  }

  /// How many readers wait.
  int waiting() {
    lock.lock();
    try {
      return waitingForAny.size() + waitingForOne.values().stream().mapToInt(Set::size).sum();
    } finally {
      lock.unlock();
    }
  }
}
