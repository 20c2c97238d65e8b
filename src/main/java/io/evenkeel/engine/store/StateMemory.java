package io.evenkeel.engine.store;

import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.Ordinals;
import io.evenkeel.batchnorm.statistics.AveragedStatistics;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.batchnorm.statistics.RenormalizationStatistics;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.batchnorm.statistics.WindowStatistics;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.TrainingWindow;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Estimates the memory of all states. A state that has no room is refused before it is written, so
/// that a heap of the same size can read the whole store again. Shared parts count once:
/// definitions, the batches of windows, and the statistics of snapshots between which nothing was
/// trained.
///
/// | what                  | bytes                                            |
/// |-----------------------|--------------------------------------------------|
/// | a normalizer          | 400                                              |
/// | its statistics        | 8 a feature for each column, by kind             |
/// | gamma and beta        | 16 a feature, unless they are 1 and 0            |
/// | a batch in a window   | 112 a feature: its moments, and their sums       |
/// | a definition          | 200 a feature                                    |
///
/// Written by one thread, read by any.
final class StateMemory {
  private static final long NORMALIZER = 400;
  private static final long MOMENTS = 7 * Double.BYTES;
  private static final long AFFINE = 16;
  private static final long WINDOW_ENTRY = 2 * MOMENTS;
  private static final long DEFINITION = 200;

  private final long room;
  private final IdentityHashMap<NormalizerDefinition, Integer> definitions =
      new IdentityHashMap<>();
  private volatile long bytes;

  /// @param room how many bytes the states may take
  StateMemory(long room) {
    this.room = room;
  }

  /// Bytes of all states.
  long bytes() {
    return bytes;
  }

  /// Whether there is room for so many bytes more.
  boolean hasRoom(long more) {
    return bytes + more <= room;
  }

  /// How many bytes more the next state of a name takes.
  ///
  /// @param counted definitions, by identity, of states that are counted already but not here yet
  long growth(
      @Nullable Normalizer before, Normalizer after, Collection<NormalizerDefinition> counted) {
    NormalizerDefinition definition = after.definition();
    boolean isCounted = definitions.containsKey(definition) || counted.contains(definition);
    return (isCounted ? 0 : of(definition)) + of(after) - (before == null ? 0 : of(before));
  }

  /// Counts one state in place of another.
  void replace(@Nullable Normalizer before, @Nullable Normalizer after) {
    long now = bytes;
    if (after != null) {
      now += of(after);
      for (NormalizerDefinition definition : definitionsOf(after)) {
        now += definitions.merge(definition, 1, Integer::sum) == 1 ? of(definition) : 0;
      }
    }
    if (before != null) {
      now -= of(before);
      for (NormalizerDefinition definition : definitionsOf(before)) {
        boolean isGone =
            definitions.computeIfPresent(definition, (_, n) -> n > 1 ? n - 1 : null) == null;
        now -= isGone ? of(definition) : 0;
      }
    }
    bytes = now;
  }

  private static Iterable<NormalizerDefinition> definitionsOf(Normalizer state) {
    if (state.snapshots().all().isEmpty()) {
      return Set.of(state.definition());
    }
    Set<NormalizerDefinition> all = Collections.newSetFromMap(new IdentityHashMap<>());
    all.add(state.definition());
    state.snapshots().all().forEach(snapshot -> all.add(snapshot.model().definition()));
    return all;
  }

  private static long of(NormalizerDefinition definition) {
    return DEFINITION * definition.features().size();
  }

  private static long of(Normalizer state) {
    long features = state.running().features();
    long ofEach = ofFeature(state.running()) + (state.affine().isIdentity() ? 0 : AFFINE);
    long batches =
        entries(state.running()).size()
            + state.window().map(TrainingWindow::moments).map(MomentsWindow::size).orElse(0);
    if (state.snapshots().all().isEmpty()) {
      return NORMALIZER + features * (ofEach + WINDOW_ENTRY * batches);
    }
    return NORMALIZER + features * (ofEach + WINDOW_ENTRY * batches) + ofSnapshots(state);
  }

  /// The bytes of snapshots beside those of the present state.
  private static long ofSnapshots(Normalizer state) {
    Set<Object> shared = Collections.newSetFromMap(new IdentityHashMap<>());
    shared.add(state.running());
    shared.add(state.affine());
    Map<Integer, Ordinals> counted = new HashMap<>(); // by D: windows of other widths share nothing
    counted.put(state.running().features(), entries(state.running()));
    long bytes = 0;
    for (Snapshot snapshot : state.snapshots().all()) {
      int features = snapshot.model().running().features();
      boolean isIdentity = snapshot.model().affine().isIdentity();
      bytes += NORMALIZER;
      bytes +=
          shared.add(snapshot.model().running())
              ? ofFeature(snapshot.model().running()) * features
              : 0;
      bytes += !isIdentity && shared.add(snapshot.model().affine()) ? AFFINE * features : 0;
      Ordinals before = counted.getOrDefault(features, Ordinals.NONE);
      Ordinals own = entries(snapshot.model().running());
      bytes += WINDOW_ENTRY * features * own.minus(before).size();
      counted.put(features, before.plus(own));
    }
    return bytes;
  }

  /// Counts an array for every column, as if no two features had equal numbers, which is so if
  /// values are missing. A window that was read from the store has three sums: of all its batches
  /// and of either part.
  private static long ofFeature(RunningStatistics running) {
    return switch (running) {
      case PooledStatistics pooled ->
          MOMENTS + (pooled.halfLifeRows() == Double.POSITIVE_INFINITY ? 0 : Double.BYTES);
      case AveragedStatistics _ -> 8 * Double.BYTES;
      case RenormalizationStatistics _ -> 6 * Double.BYTES;
      case WindowStatistics _ -> 2 * Double.BYTES + 3 * MOMENTS;
    };
  }

  private static Ordinals entries(RunningStatistics running) {
    return running instanceof WindowStatistics statistics
        ? statistics.window().ordinals()
        : Ordinals.NONE;
  }
}
