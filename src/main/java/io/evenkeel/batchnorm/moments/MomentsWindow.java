package io.evenkeel.batchnorm.moments;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The moments of the last k batches, one by one and pooled. A batch that leaves leaves no rounding
/// behind, since nothing is ever subtracted.
///
/// A queue of two stacks: new batches go on the `back`, whose moments are added up from the oldest
/// on; old ones are taken from the `front`, for each batch of which the moments of itself and of
/// all younger ones of the front are known. When the front is empty, the back becomes the front. So
/// a batch costs a fixed number of merges, O(D), on average over k batches, and the pooled moments
/// one; k batches and their sums are at most 2k moments.
///
/// ```
/// ordinals   oldest .......................... youngest    next
///            |     front        |      back           |
///   sums     <- from the youngest   from the oldest ->
/// ```
///
/// Each batch has an ordinal of its own; `next` is that of the next one, and no ordinal is given
/// twice, whatever becomes of the window. The order of the merges depends on the batches and on how
/// many of them are in the front alone: [#of] gives the same bits as the window that was stored.
///
/// Immutable and safe for use by many threads; windows that follow each other share what they have
/// in common.
public final class MomentsWindow {
  private final int batches;
  private final WindowKind kind;
  private final int features;
  private final long next;
  private final Ordinals ordinals;
  private final @Nullable WindowFront front;
  private final @Nullable Back back;
  private final @Nullable FeatureMoments backSum;

  /// A batch of the back, the youngest on top.
  ///
  /// @param size of the stack from here on
  private record Back(FeatureMoments moments, int size, @Nullable Back below) {}

  private MomentsWindow(
      MomentsWindow like,
      long next,
      Ordinals ordinals,
      @Nullable WindowFront front,
      @Nullable Back back,
      @Nullable FeatureMoments backSum) {
    this.batches = like.batches;
    this.kind = like.kind;
    this.features = like.features;
    this.next = next;
    this.ordinals = ordinals;
    this.front = front;
    this.back = back;
    this.backSum = backSum;
  }

  private MomentsWindow(int batches, WindowKind kind, int features, long next) {
    this.batches = batches;
    this.kind = kind;
    this.features = features;
    this.next = next;
    this.ordinals = Ordinals.NONE;
    this.front = null;
    this.back = null;
    this.backSum = null;
  }

  /// A window in which no batch is yet.
  ///
  /// @param batches k, ≥ 1
  /// @param features D
  /// @param next the ordinal of the first batch to come
  public static MomentsWindow empty(int batches, WindowKind kind, int features, long next) {
    return new MomentsWindow(batches, kind, features, next);
  }

  /// This window with the given batches in place of its own, bit for bit as they were stored.
  ///
  /// @param entries the moments of the batches, the oldest first
  /// @param ofEntries their ordinals, all below that of the next one
  /// @param inFront how many of them are in the front
  public MomentsWindow of(List<FeatureMoments> entries, Ordinals ofEntries, int inFront) {
    WindowFront stored =
        inFront == 0
            ? null
            : WindowFront.kept(entries.subList(0, inFront).toArray(new FeatureMoments[0]));
    Back pushed = null;
    FeatureMoments sum = null;
    for (FeatureMoments moments : entries.subList(inFront, entries.size())) {
      pushed = new Back(moments, size(pushed) + 1, pushed);
      sum = sum == null ? moments : sum.plus(moments);
    }
    return new MomentsWindow(this, next, ofEntries, stored, pushed, sum);
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
        this,
        next + 1,
        ordinals.plus(Ordinals.of(next, next + 1)),
        front,
        new Back(batch, size(back) + 1, back),
        backSum == null ? batch : backSum.plus(batch));
  }

  private MomentsWindow withoutOldest() {
    Ordinals rest = ordinals.withoutFirst();
    return front == null
        ? turned().withoutOldest()
        : new MomentsWindow(this, next, rest, front.younger(), back, backSum);
  }

  private MomentsWindow turned() {
    FeatureMoments[] turned = new FeatureMoments[size(back)];
    int i = turned.length;
    for (Back at = back; at != null; at = at.below) {
      turned[--i] = at.moments;
    }
    return new MomentsWindow(this, next, ordinals, WindowFront.of(turned), null, null);
  }

  /// The window without its batches; ordinals go on.
  public MomentsWindow emptied() {
    return empty(batches, kind, features, next);
  }

  /// The window without its batches, for another number of features; ordinals go on.
  public MomentsWindow emptied(int newFeatures) {
    return empty(batches, kind, newFeatures, next);
  }

  /// The same batches for more features, which have no value in them; O(k D). The same ordinals.
  public MomentsWindow widened(int newFeatures) {
    List<FeatureMoments> wider = new ArrayList<>();
    for (FeatureMoments entry : entries()) {
      wider.add(entry.widened(newFeatures));
    }
    return emptied(newFeatures).of(wider, ordinals, inFront());
  }

  /// The same batches in a window whose next batch has this ordinal.
  public MomentsWindow followedBy(long newNext) {
    return new MomentsWindow(this, newNext, ordinals, front, back, backSum);
  }

  /// The moments of all batches in the window taken together, those of no value where it is empty;
  /// one merge, O(D).
  public FeatureMoments pooled() {
    if (front == null) {
      return backSum == null ? FeatureMoments.none(features) : backSum;
    }
    FeatureMoments sum = front.sum();
    return backSum == null ? sum : sum.plus(backSum);
  }

  /// D.
  public int features() {
    return features;
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
    return inFront() + size(back);
  }

  /// How many of them are in the front.
  public int inFront() {
    return front == null ? 0 : front.size();
  }

  private static int size(@Nullable Back back) {
    return back == null ? 0 : back.size;
  }

  /// The ordinals of its batches.
  public Ordinals ordinals() {
    return ordinals;
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

  /// Hands over those batches whose ordinals are asked for, the oldest first.
  public <E extends Exception> void forEach(Ordinals wanted, Entries<E> entries) throws E {
    FeatureMoments[] all = entries();
    int i = 0;
    for (int run = 0; run < ordinals.runs(); run++) {
      for (long ordinal = ordinals.from(run); ordinal < ordinals.to(run); ordinal++, i++) {
        if (wanted.contains(ordinal)) {
          entries.accept(ordinal, all[i]);
        }
      }
    }
  }

  /// The oldest first.
  private FeatureMoments[] entries() {
    FeatureMoments[] all = new FeatureMoments[size()];
    int i = 0;
    for (WindowFront at = front; at != null; at = at.younger()) {
      all[i++] = at.moments();
    }
    i = all.length;
    for (Back at = back; at != null; at = at.below) {
      all[--i] = at.moments;
    }
    return all;
  }
}
