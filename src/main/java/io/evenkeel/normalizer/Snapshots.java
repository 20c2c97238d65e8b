package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.moments.Ordinals;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.batchnorm.statistics.WindowStatistics;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The snapshots of one normalizer by label, and which of them serves inference. Immutable.
public final class Snapshots {
  /// The most snapshots of a normalizer.
  static final int MOST = 256;

  /// The most moments in a normalizer's snapshots and windows together: each snapshot counts D (the
  /// largest if features were added), and so does each batch in any of the windows.
  static final long MOST_MOMENTS = 1L << 23;

  /// No snapshots.
  public static final Snapshots NONE = new Snapshots(Map.of(), Optional.empty());

  private final Map<SnapshotLabel, Snapshot> byLabel;
  private final Optional<SnapshotLabel> serving;

  private Snapshots(Map<SnapshotLabel, Snapshot> byLabel, Optional<SnapshotLabel> serving) {
    this.byLabel = byLabel;
    this.serving = serving;
  }

  /// These snapshots.
  ///
  /// @param serving one of them, or none
  public static Snapshots of(Collection<Snapshot> snapshots, Optional<SnapshotLabel> serving) {
    if (snapshots.isEmpty() && serving.isEmpty()) {
      return NONE;
    }
    Map<SnapshotLabel, Snapshot> byLabel = new TreeMap<>();
    snapshots.forEach(snapshot -> byLabel.put(snapshot.label(), snapshot));
    if (serving.isPresent() && !byLabel.containsKey(serving.get())) {
      throw new IllegalArgumentException("what serves is no snapshot");
    }
    return new Snapshots(byLabel, serving);
  }

  /// All of them by label.
  public Collection<Snapshot> all() {
    return Collections.unmodifiableCollection(byLabel.values());
  }

  /// The one of a label.
  public Optional<Snapshot> find(SnapshotLabel label) {
    return Optional.ofNullable(byLabel.get(label));
  }

  /// The label of the snapshot that serves inference; empty if the present state does.
  public Optional<SnapshotLabel> serving() {
    return serving;
  }

  /// Whether there is no room for a snapshot of these statistics.
  boolean isFull(RunningStatistics present) {
    Ordinals batches = batches(present);
    long features = present.features();
    for (Snapshot snapshot : byLabel.values()) {
      batches = batches.plus(batches(snapshot.model().running()));
      features = Math.max(features, snapshot.model().running().features());
    }
    long held = (batches.size() + byLabel.size() + 1) * features;
    return byLabel.size() >= MOST || held > MOST_MOMENTS;
  }

  private static Ordinals batches(RunningStatistics running) {
    return running instanceof WindowStatistics statistics
        ? statistics.window().ordinals()
        : Ordinals.NONE;
  }

  Snapshots with(Snapshot snapshot) {
    Map<SnapshotLabel, Snapshot> next = new TreeMap<>(byLabel);
    next.put(snapshot.label(), snapshot);
    return new Snapshots(next, serving);
  }

  Snapshots without(SnapshotLabel label) {
    Map<SnapshotLabel, Snapshot> next = new TreeMap<>(byLabel);
    next.remove(label);
    return next.isEmpty() && serving.isEmpty() ? NONE : new Snapshots(next, serving);
  }

  Snapshots serving(Optional<SnapshotLabel> label) {
    return new Snapshots(byLabel, label);
  }
}
