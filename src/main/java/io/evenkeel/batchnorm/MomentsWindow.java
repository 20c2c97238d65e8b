package io.evenkeel.batchnorm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The moments of the last k batches, and pooled: what a batch that has left has brought is gone,
/// since nothing is ever subtracted.
///
/// A queue of two stacks: new batches go on the `back`, whose moments are added up from the oldest
/// on; old ones are taken from the `front`, in which each batch carries the moments of itself and
/// of all younger ones of the front. When the front is empty, the back becomes the front. So a
/// batch costs a fixed number of merges, O(D), on average over k batches, and the pooled moments
/// one.
///
/// ```
/// ordinals   first ............ boundary ............ next
///            |     front        |      back           |
///   sums     <- from the youngest   from the oldest ->
/// ```
///
/// The order of the merges depends on `first`, `boundary` and the batches alone: [#of] gives the
/// same bits as the window that was stored. Ordinals count the batches that ever entered.
///
/// Immutable; windows that follow each other share what they have in common.
public final class MomentsWindow {
  private final int batches;
  private final WindowKind kind;
  private final int features;
  private final long next;
  private final @Nullable Front front;
  private final @Nullable Back back;
  private final @Nullable FeatureMoments backSum;

  /// A batch of the front, the oldest on top.
  ///
  /// @param sum the moments of this batch and all below it
  /// @param size of the stack from here on
  private record Front(
      FeatureMoments moments, FeatureMoments sum, int size, @Nullable Front below) {
    static Front on(@Nullable Front younger, FeatureMoments moments) {
      return younger == null
          ? new Front(moments, moments, 1, null)
          : new Front(moments, moments.plus(younger.sum), younger.size + 1, younger);
    }
  }

  /// A batch of the back, the youngest on top.
  ///
  /// @param size of the stack from here on
  private record Back(FeatureMoments moments, int size, @Nullable Back below) {}

  private MomentsWindow(
      int batches,
      WindowKind kind,
      int features,
      long next,
      @Nullable Front front,
      @Nullable Back back,
      @Nullable FeatureMoments backSum) {
    this.batches = batches;
    this.kind = kind;
    this.features = features;
    this.next = next;
    this.front = front;
    this.back = back;
    this.backSum = backSum;
  }

  /// A window in which no batch is yet.
  ///
  /// @param batches k, ≥ 1
  /// @param features D
  /// @param next the ordinal of the first batch to come
  public static MomentsWindow empty(int batches, WindowKind kind, int features, long next) {
    return new MomentsWindow(batches, kind, features, next, null, null, null);
  }

  /// The window of these batches as it was, bit for bit.
  ///
  /// @param entries the moments of the batches, the oldest first; their features give D
  /// @param boundary the ordinal of the oldest batch of the back
  public static MomentsWindow of(
      int batches, WindowKind kind, long first, long boundary, List<FeatureMoments> entries) {
    int frontSize = Math.toIntExact(boundary - first);
    Front front = null;
    for (int i = frontSize - 1; i >= 0; i--) {
      front = Front.on(front, entries.get(i));
    }
    int features = entries.getFirst().features();
    MomentsWindow window = new MomentsWindow(batches, kind, features, boundary, front, null, null);
    for (FeatureMoments moments : entries.subList(frontSize, entries.size())) {
      window = window.pushed(moments);
    }
    return window;
  }

  /// The window once a batch has arrived; O(D) on average.
  public MomentsWindow plus(FeatureMoments batch) {
    if (size() < batches) {
      return pushed(batch);
    }
    return (kind == WindowKind.TUMBLING ? emptied() : withoutOldest()).pushed(batch);
  }

  private MomentsWindow pushed(FeatureMoments batch) {
    return new MomentsWindow(
        batches,
        kind,
        features,
        next + 1,
        front,
        new Back(batch, size(back) + 1, back),
        backSum == null ? batch : backSum.plus(batch));
  }

  private MomentsWindow withoutOldest() {
    if (front != null) {
      return new MomentsWindow(batches, kind, features, next, front.below, back, backSum);
    }
    Front turned = null;
    for (Back at = back; at != null; at = at.below) {
      turned = Front.on(turned, at.moments);
    }
    Front rest = turned == null ? null : turned.below;
    return new MomentsWindow(batches, kind, features, next, rest, null, null);
  }

  /// The window without its batches; ordinals go on.
  public MomentsWindow emptied() {
    return empty(batches, kind, features, next);
  }

  /// The same batches under other ordinals, so that the next one has this.
  public MomentsWindow endingAt(long newNext) {
    return new MomentsWindow(batches, kind, features, newNext, front, back, backSum);
  }

  /// The moments of all batches in the window taken together, those of no value where it is empty;
  /// one merge, O(D).
  public FeatureMoments pooled() {
    if (front == null) {
      return backSum == null ? FeatureMoments.none(features) : backSum;
    }
    return backSum == null ? front.sum : front.sum.plus(backSum);
  }

  /// k.
  public int batches() {
    return batches;
  }

  /// How it moves on.
  public WindowKind kind() {
    return kind;
  }

  /// How many batches are in it.
  public int size() {
    return (front == null ? 0 : front.size) + size(back);
  }

  private static int size(@Nullable Back back) {
    return back == null ? 0 : back.size;
  }

  /// The ordinal of the oldest batch.
  public long first() {
    return next - size();
  }

  /// The ordinal of the oldest batch of the back.
  public long boundary() {
    return next - size(back);
  }

  /// The ordinal of the next batch to come.
  public long next() {
    return next;
  }

  /// Takes the moments of a batch.
  ///
  /// @param <E> what it may fail with
  @FunctionalInterface
  public interface Entries<E extends Exception> {
    /// A batch and its ordinal.
    void accept(long ordinal, FeatureMoments moments) throws E;
  }

  /// Hands over the batches from an ordinal on; those of the front from the oldest on, those of the
  /// back from the youngest on.
  public <E extends Exception> void forEachFrom(long ordinal, Entries<E> entries) throws E {
    long at = first();
    for (Front batch = front; batch != null && boundary() > ordinal; batch = batch.below) {
      if (at >= ordinal) {
        entries.accept(at, batch.moments);
      }
      at++;
    }
    at = next - 1;
    for (Back batch = back; batch != null && at >= ordinal; batch = batch.below) {
      entries.accept(at--, batch.moments);
    }
  }
}
