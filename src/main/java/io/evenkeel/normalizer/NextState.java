package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.batchnorm.statistics.WindowStatistics;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.time.Instant;
import java.util.Optional;

/// Builds the next state. Parts that nobody sets stay as they are.
final class NextState {
  private final Normalizer before;
  private NormalizerDefinition definition;
  private Affine affine;
  private RunningStatistics running;
  private Optional<TrainingWindow> window;
  private Optional<Freeze> frozen;
  private Snapshots snapshots;
  private long rows;
  private long batches;

  NextState(Normalizer before) {
    this.before = before;
    definition = before.definition();
    affine = before.affine();
    running = before.running();
    window = before.window();
    frozen = before.frozen();
    snapshots = before.snapshots();
    rows = before.rows();
    batches = before.batches();
  }

  NextState definition(NormalizerDefinition next) {
    definition = next;
    return this;
  }

  NextState affine(Affine next) {
    affine = next;
    return this;
  }

  NextState running(RunningStatistics next) {
    running = next;
    return this;
  }

  /// Goes back to earlier statistics, or to those of the start. Ordinals of a window's batches
  /// continue from the present ones. The training window is emptied, because its batches belong to
  /// the statistics that are left.
  NextState restartedRunning(RunningStatistics next) {
    running = next;
    if (before.running() instanceof WindowStatistics old
        && next instanceof WindowStatistics other) {
      running = other.followedBy(Math.max(old.window().next(), other.window().next()));
    }
    window = window.map(w -> w.emptied(next.features()));
    return this;
  }

  /// Takes statistics from elsewhere; a window holds them as one batch. The training window is
  /// emptied.
  NextState importedRunning(RunningStatistics next) {
    running = next;
    if (before.running() instanceof WindowStatistics old
        && next instanceof WindowStatistics other) {
      running = other.asNextOf(old.window());
    }
    window = window.map(w -> w.emptied(next.features()));
    return this;
  }

  NextState window(Optional<TrainingWindow> next) {
    window = next;
    return this;
  }

  NextState frozen(Optional<Freeze> next) {
    frozen = next;
    return this;
  }

  NextState snapshots(Snapshots next) {
    snapshots = next;
    return this;
  }

  NextState counted(long nextRows, long nextBatches) {
    rows = nextRows < 0 ? Long.MAX_VALUE : nextRows; // beyond a long
    batches = nextBatches;
    return this;
  }

  Normalizer version(boolean keyed, Stamp stamp) {
    Revision revision =
        new Revision(before.revision().incarnation(), before.revision().version() + 1);
    return state(revision, keyed, stamp.at());
  }

  Normalizer sameVersion(boolean keyed) {
    return state(before.revision(), keyed, before.updatedAt());
  }

  private Normalizer state(Revision revision, boolean keyed, Instant updatedAt) {
    return new Normalizer(
        before.name(),
        revision,
        definition,
        affine,
        running,
        window,
        frozen,
        snapshots,
        rows,
        batches,
        keyed ? before.keys() + 1 : before.keys(),
        before.createdAt(),
        updatedAt);
  }
}
