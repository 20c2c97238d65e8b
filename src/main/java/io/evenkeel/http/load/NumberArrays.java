package io.evenkeel.http.load;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Large arrays of numbers that requests have done with, for requests that need one of the same
/// length. A new array is cleared first, and its pages may have gone back to the system: that costs
/// a body of 5 MB as much as its moments and its normalisation.
///
/// The arrays are nobody's while they are here: the garbage collector takes them before memory runs
/// out.
final class NumberArrays {
  /// The fewest numbers of an array that is worth keeping, 512 KB.
  private static final int LEAST = 1 << 16;

  private final long most;

  /// The most recent first.
  private final Deque<SoftReference<double[]>> idle = new ArrayDeque<>();

  /// @param bytes that are kept at most
  NumberArrays(long bytes) {
    most = bytes / Double.BYTES;
  }

  /// An array of this length. It may have numbers of an earlier request.
  double[] take(int length) {
    double @Nullable [] found = length < LEAST ? null : find(length);
    return found == null ? new double[length] : found;
  }

  private synchronized double @Nullable [] find(int length) {
    for (Iterator<SoftReference<double[]>> all = idle.iterator(); all.hasNext(); ) {
      double[] array = all.next().get();
      if (array == null || array.length == length) {
        all.remove();
      }
      if (array != null && array.length == length) {
        return array;
      }
    }
    return null;
  }

  /// Takes an array that nobody reads or writes any more.
  synchronized void giveBack(double[] array) {
    if (array.length < LEAST || array.length > most) {
      return;
    }
    idle.addFirst(new SoftReference<>(array));
    long numbers = 0;
    for (Iterator<SoftReference<double[]>> all = idle.iterator(); all.hasNext(); ) {
      double[] one = all.next().get();
      numbers += one == null ? 0 : one.length;
      if (one == null || numbers > most) {
        all.remove();
      }
    }
  }
}
