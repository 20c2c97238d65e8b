package io.evenkeel.batchnorm.moments;

import java.util.Arrays;

/// A set of ordinals: the batches in a window. It is stored as runs of consecutive numbers, in
/// ascending order. Immutable; each operation costs the number of runs.
public final class Ordinals {
  /// No number.
  public static final Ordinals NONE = new Ordinals(new long[0]);

  /// `[from, to)` of the first run, of the second, and so on: strictly ascending.
  private final long[] ends;

  private Ordinals(long[] ends) {
    this.ends = ends;
  }

  /// The numbers from one up to another.
  public static Ordinals of(long from, long to) {
    return from < to ? new Ordinals(new long[] {from, to}) : NONE;
  }

  /// How many runs there are.
  public int runs() {
    return ends.length / 2;
  }

  /// The first number of a run.
  public long from(int run) {
    return ends[2 * run];
  }

  /// The number behind the last of a run.
  public long to(int run) {
    return ends[2 * run + 1];
  }

  /// Whether there is none.
  public boolean isEmpty() {
    return ends.length == 0;
  }

  /// How many numbers there are.
  public long size() {
    long size = 0;
    for (int run = 0; run < runs(); run++) {
      size += to(run) - from(run);
    }
    return size;
  }

  /// Whether a number is among them.
  public boolean contains(long number) {
    int at = Arrays.binarySearch(ends, number);
    return at >= 0 ? at % 2 == 0 : -at % 2 == 0;
  }

  /// These without the least.
  Ordinals withoutFirst() {
    return minus(of(ends[0], ends[0] + 1));
  }

  /// These and others.
  public Ordinals plus(Ordinals others) {
    return combined(others, true);
  }

  /// These but for others.
  public Ordinals minus(Ordinals others) {
    return combined(others, false);
  }

  /// Those that are among others too.
  public Ordinals and(Ordinals others) {
    return minus(minus(others));
  }

  /// Walks over the ends of both sets in order. A number is in the result if it is in this set or,
  /// for a union, in the other one, unless the other set takes it away.
  private Ordinals combined(Ordinals others, boolean union) {
    long[] result = new long[ends.length + others.ends.length];
    int size = 0;
    int i = 0;
    int k = 0;
    boolean inside = false;
    while (i < ends.length || k < others.ends.length) {
      long at =
          Math.min(
              i < ends.length ? ends[i] : Long.MAX_VALUE,
              k < others.ends.length ? others.ends[k] : Long.MAX_VALUE);
      i += i < ends.length && ends[i] == at ? 1 : 0;
      k += k < others.ends.length && others.ends[k] == at ? 1 : 0;
      boolean mine = i % 2 == 1;
      boolean theirs = k % 2 == 1;
      boolean now = union ? mine || theirs : mine && !theirs;
      if (now != inside) {
        result[size++] = at;
        inside = now;
      }
    }
    return size == 0 ? NONE : new Ordinals(Arrays.copyOf(result, size));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ordinals that && Arrays.equals(ends, that.ends);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ends);
  }

  @Override
  public String toString() {
    return Arrays.toString(ends);
  }
}
