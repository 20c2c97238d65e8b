package io.evenkeel.batchnorm.moments;

import org.jspecify.annotations.Nullable;

/// A batch of the front of a [MomentsWindow], the oldest on top, and the sum of itself and of all
/// younger ones of the front. A batch that has left is not kept.
///
/// Safe for use by many threads: sums are added up again rather than waited for.
final class WindowFront {
  private final FeatureMoments moments;
  private final int size;
  private final @Nullable WindowFront younger;
  private volatile @Nullable FeatureMoments sum;

  private WindowFront(FeatureMoments moments, @Nullable WindowFront younger) {
    this.moments = moments;
    this.size = younger == null ? 1 : younger.size + 1;
    this.younger = younger;
  }

  /// @param batches the oldest first, at least one
  static WindowFront of(FeatureMoments... batches) {
    WindowFront top = new WindowFront(batches[batches.length - 1], null);
    for (int i = batches.length - 2; i >= 0; i--) {
      top = new WindowFront(batches[i], top);
    }
    return top;
  }

  /// A front that is read back and not moved: of its sums it keeps the first alone until others are
  /// asked for.
  static WindowFront kept(FeatureMoments... batches) {
    FeatureMoments all = batches[batches.length - 1];
    for (int i = batches.length - 2; i >= 0; i--) {
      all = batches[i].plus(all);
    }
    WindowFront top = of(batches);
    top.sum = all;
    return top;
  }

  FeatureMoments moments() {
    return moments;
  }

  /// How many batches there are from here on.
  int size() {
    return size;
  }

  /// Those without the oldest, null where there are none.
  @Nullable WindowFront younger() {
    return younger;
  }

  /// The moments of all of them taken together.
  FeatureMoments sum() {
    FeatureMoments known = sum;
    return known == null ? addedUp() : known;
  }

  /// Adds up from the youngest on, and keeps the sums of all.
  private FeatureMoments addedUp() {
    WindowFront[] all = new WindowFront[size];
    WindowFront next = this;
    for (int i = 0; next != null; i++, next = next.younger) {
      all[i] = next;
    }
    FeatureMoments added = all[size - 1].moments;
    all[size - 1].sum = added;
    for (int i = size - 2; i >= 0; i--) {
      added = all[i].moments.plus(added);
      all[i].sum = added;
    }
    return added;
  }
}
