package io.evenkeel.batchnorm.lanes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// The extremes of lanes as integers that are ordered as the values are: −0 before 0, as for
/// [Math#min]. On x86 C2 makes several instructions of a minimum of doubles, and with AVX-512 one
/// of a minimum of such integers.
///
/// | a double's bits b | its integer                            |
/// |-------------------|----------------------------------------|
/// | sign 0            | b                                      |
/// | sign 1            | b with all bits but the sign flipped   |
///
/// NaN comes before −∞ or after +∞, so an extreme is not finite if a value was not.
///
/// The bits are read where the doubles lie, through a view: C2 (JDK 25) makes no vectors of
/// [Double#doubleToRawLongBits]. Nor does it make any of the loop over the lanes once it has
/// inlined it into a loop over rows. So the loop is called by a handle that is no constant, and
/// that it therefore cannot inline.
///
/// Not safe for use by more than one thread.
public final class OrderedBits {
  /// Below so many numbers the loops may not be compiled yet, and the views cost more than they
  /// save.
  private static final int WORTHWHILE = 1 << 14;

  /// Elsewhere a minimum of doubles is one instruction, and one of `long` is several.
  private static final boolean ON_X86 = "amd64".equals(System.getProperty("os.arch"));

  private static final ValueLayout.OfLong BITS = ValueLayout.JAVA_LONG;

  private static final MethodHandle ADD = add();

  private final MethodHandle add = ADD;
  private final long[] least;
  private final long[] greatest;

  /// @param lanes how many at most
  OrderedBits(int lanes) {
    least = new long[lanes];
    greatest = new long[lanes];
  }

  private static MethodHandle add() {
    MethodType type =
        MethodType.methodType(
            void.class, double[].class, double[].class, long[].class, long[].class, int.class);
    try {
      return MethodHandles.lookup().findStatic(OrderedBits.class, "add", type);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type.toString(), e);
    }
  }

  private static long ordered(long bits) {
    return bits ^ ((bits >> 63) >>> 1);
  }

  /// Whether the extremes of so many numbers are faster to find as integers.
  public static boolean pays(long numbers) {
    return ON_X86 && numbers >= WORTHWHILE;
  }

  /// Begins with these values as minimum and maximum.
  public void begin(double[] x, int lanes) {
    MemorySegment bits = MemorySegment.ofArray(x);
    for (int j = 0; j < lanes; j++) {
      least[j] = ordered(bits.get(BITS, 8L * j));
    }
    System.arraycopy(least, 0, greatest, 0, lanes);
  }

  /// The extremes with two rows more.
  public void add(double[] x, double[] y, int lanes) {
    try {
      add.invokeExact(x, y, least, greatest, lanes);
    } catch (Throwable e) {
      throw new AssertionError(e); // the loop throws nothing
    }
  }

  /// What the handle calls.
  static void add(double[] x, double[] y, long[] least, long[] greatest, int lanes) {
    MemorySegment first = MemorySegment.ofArray(x);
    MemorySegment second = MemorySegment.ofArray(y);
    for (int j = 0; j < lanes; j++) {
      long a = ordered(first.get(BITS, 8L * j));
      long b = ordered(second.get(BITS, 8L * j));
      least[j] = Math.min(least[j], Math.min(a, b));
      greatest[j] = Math.max(greatest[j], Math.max(a, b));
    }
  }

  /// Puts the extremes into lanes of doubles.
  public void finish(double[] min, double[] max, int lanes) {
    put(least, MemorySegment.ofArray(min), lanes);
    put(greatest, MemorySegment.ofArray(max), lanes);
  }

  private static void put(long[] ordered, MemorySegment lanes, int count) {
    for (int j = 0; j < count; j++) {
      lanes.set(BITS, 8L * j, ordered(ordered[j]));
    }
  }
}
