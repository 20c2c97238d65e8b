package io.evenkeel.engine.follow;

import io.evenkeel.normalizer.NormalizerName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;

/// Which states have to be fetched, and since when. A name is there once, however often it changes:
/// a fetch brings the latest state. Names are told in order and numbered; nothing is missing up to
/// the number before the least one that is still owed.
///
/// Any thread may use it.
final class Owed {
  /// How many heartbeats are remembered until everything before them is fetched. Later ones count
  /// when these do.
  private static final int MOST_MARKS = 512;

  private final SequencedMap<NormalizerName, Long> waiting = new LinkedHashMap<>();
  private final Map<NormalizerName, Fetch> underWay = new HashMap<>();
  private final Map<NormalizerName, Integer> failures = new HashMap<>();
  private final TreeSet<Long> owed = new TreeSet<>();
  private final Deque<Mark> marks = new ArrayDeque<>();
  private long told;
  private long provenAt;
  private boolean proven;
  private boolean closed;

  /// A state that is being fetched.
  ///
  /// @param since the number under which the name was told first
  /// @param failures how often in a row
  record Fetch(NormalizerName name, long since, int failures) {}

  /// Everything that the leader had acknowledged at a moment was told before.
  private record Mark(long told, long moment) {}

  /// A name has another state.
  synchronized void tell(NormalizerName name) {
    told++;
    if (waiting.putIfAbsent(name, told) == null) {
      owed.add(told);
      notifyAll();
    }
  }

  /// A name is free: a state of it that is under way is of no use.
  ///
  /// @param hide the state that is shown
  synchronized void gone(NormalizerName name, Runnable hide) {
    Long since = waiting.remove(name);
    if (since != null) {
      owed.remove(since);
    }
    failures.remove(name);
    Fetch fetch = underWay.remove(name);
    if (fetch != null) {
      owed.remove(fetch.since());
    }
    hide.run();
    settle();
  }

  /// Everything that the leader had acknowledged at a moment has been told.
  ///
  /// @param moment of [System#nanoTime]
  synchronized void mark(long moment) {
    if (marks.size() < MOST_MARKS) {
      marks.add(new Mark(told, moment));
    }
    settle();
  }

  private void settle() {
    while (!marks.isEmpty() && (owed.isEmpty() || owed.first() > marks.getFirst().told())) {
      long moment = marks.removeFirst().moment();
      provenAt = proven && provenAt - moment > 0 ? provenAt : moment;
      proven = true;
    }
  }

  /// The latest moment up to which nothing is missing; empty before the first.
  synchronized Optional<Long> provenAt() {
    return proven ? Optional.of(provenAt) : Optional.empty();
  }

  /// The next state to fetch; waits until there is one. No state is fetched twice at a time.
  ///
  /// @return empty once this is closed
  synchronized Optional<Fetch> take() throws InterruptedException {
    while (!closed) {
      for (Map.Entry<NormalizerName, Long> next : waiting.entrySet()) {
        if (!underWay.containsKey(next.getKey())) {
          return Optional.of(
              begin(new Fetch(next.getKey(), next.getValue(), failuresOf(next.getKey()))));
        }
      }
      wait();
    }
    return Optional.empty();
  }

  private int failuresOf(NormalizerName name) {
    Integer known = failures.remove(name);
    return known == null ? 0 : known;
  }

  private Fetch begin(Fetch fetch) {
    waiting.remove(fetch.name());
    underWay.put(fetch.name(), fetch);
    return fetch;
  }

  /// A fetch has ended. If the name is still the one that it was, its state is shown.
  synchronized void end(Fetch fetch, Runnable show) {
    if (underWay.remove(fetch.name(), fetch)) {
      show.run();
      owed.remove(fetch.since());
      settle();
      notifyAll();
    }
  }

  /// A fetch has failed, and its state is still owed, unless the name is free by now.
  synchronized void again(Fetch failed) {
    if (underWay.remove(failed.name(), failed)) {
      Long later = waiting.putLast(failed.name(), failed.since());
      if (later != null) {
        owed.remove(later);
      }
      failures.put(failed.name(), failed.failures() + 1);
      notifyAll();
    }
  }

  /// How many states have been told and are not here yet.
  synchronized int size() {
    return owed.size();
  }

  /// Nothing is fetched any more.
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
