package io.evenkeel.drift;

import io.evenkeel.normalization.StateChanges;
import io.evenkeel.normalizer.NormalizerName;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/// The watches of all normalizers, in bounded memory.
///
/// A new watch that does not fit takes the place of those that are unused for longest, if they are
/// unused for a minute; otherwise there is none. So normalizers that are all busy do not push each
/// other out again and again.
///
/// Safe for threads; finding a watch takes no lock.
final class Watches {
  private static final long UNUSED_MILLIS = 60_000;
  private static final long NEXT_LOOK_MILLIS = 1_000;
  private static final int OF_WATCH = 2_000;

  private final ConcurrentNavigableMap<NormalizerName, Watch> byName =
      new ConcurrentSkipListMap<>(Comparator.comparing(NormalizerName::value));
  private final DriftMeters meters;
  private final StateChanges changes;
  private final long mostBytes;
  private final int referenceRows;
  private long bytes;
  private volatile long fullUntil = Long.MIN_VALUE;

  /// @param changes hears of each watch that ends and had found drift
  Watches(long mostBytes, int referenceRows, DriftMeters meters, StateChanges changes) {
    this.meters = meters;
    this.changes = changes;
    this.mostBytes = mostBytes;
    this.referenceRows = referenceRows;
  }

  Optional<Watch> find(NormalizerName name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// All of them as they are now.
  Map<NormalizerName, Watch> all() {
    return Map.copyOf(byName);
  }

  int size() {
    return byName.size();
  }

  /// The names that begin with `prefix` and come after `after`, in order.
  Stream<NormalizerName> names(String prefix, Optional<String> after) {
    return byName.keySet().stream()
        .filter(name -> name.value().startsWith(prefix))
        .filter(name -> after.isEmpty() || name.value().compareTo(after.get()) > 0);
  }

  /// How many normalizers have drifted.
  long drifted() {
    return byName.values().stream().filter(watch -> watch.verdict().drifted() > 0).count();
  }

  /// The watch of a normalizer by these statistics, made if there is none; empty if it does not
  /// fit.
  Optional<Watch> of(NormalizerName name, Standing standing, long now) {
    Watch watch = byName.get(name);
    if (watch != null && watch.reference().isOf(standing)) {
      return Optional.of(watch);
    }
    return watch == null && now < fullUntil ? Optional.empty() : begun(name, standing, now);
  }

  private synchronized Optional<Watch> begun(NormalizerName name, Standing standing, long now) {
    Watch there = byName.get(name);
    if (there != null && there.reference().isOf(standing)) {
      return Optional.of(there);
    }
    remove(name);
    long needed = bytes(standing.model().running().features());
    if (needed > mostBytes) {
      return Optional.empty();
    }
    if (!hasRoom(needed, now)) {
      fullUntil = now + NEXT_LOOK_MILLIS;
      return Optional.empty();
    }
    Watch made = new Watch(new Reference(standing), referenceRows, now);
    byName.put(name, made);
    bytes += needed;
    meters.begun(name, made);
    return Optional.of(made);
  }

  private boolean hasRoom(long needed, long now) {
    while (bytes + needed > mostBytes) {
      Optional<Map.Entry<NormalizerName, Watch>> oldest =
          byName.entrySet().stream().min(Comparator.comparingLong(e -> e.getValue().lastUsed()));
      if (oldest.isEmpty() || now - oldest.get().getValue().lastUsed() < UNUSED_MILLIS) {
        return false;
      }
      remove(oldest.get().getKey());
    }
    return true;
  }

  /// Ends the watch of a normalizer, if there is one.
  synchronized void remove(NormalizerName name) {
    Watch removed = byName.remove(name);
    if (removed != null) {
      bytes -= bytes(removed.reference().features());
      meters.ended(name);
      if (removed.verdict().drifted() > 0) {
        changes.changed(name);
      }
    }
  }

  /// Ends a watch, unless another one has taken its place.
  synchronized void remove(NormalizerName name, Watch watch) {
    if (watch.equals(byName.get(name))) {
      remove(name);
    }
  }

  private static long bytes(int features) {
    return OF_WATCH + (long) features * Watch.BYTES_OF_FEATURE;
  }
}
