package io.evenkeel.codec.rows;

/// The memory that one request may take. A reader asks for memory before it allocates, so a few
/// bytes that stand for many numbers are refused in time.
public interface MemoryShare {
  /// Memory without a limit.
  MemoryShare UNLIMITED =
      new MemoryShare() {
        @Override
        public void take(long bytes) {}

        @Override
        public void giveBack(long bytes) {}
      };

  /// Takes bytes before they are allocated.
  ///
  /// @throws RuntimeException if there is no room for them; then nothing is taken
  void take(long bytes);

  /// Gives back bytes that are no longer needed. The rest is given back when the request ends.
  void giveBack(long bytes);

  /// Takes an array, which may have any numbers in it: its taker sets each before reading it.
  ///
  /// @throws RuntimeException if there is no room for it; then nothing is taken
  default double[] numbers(int length) {
    take((long) length * Double.BYTES);
    return new double[length];
  }

  /// Gives the array of [#numbers] to other requests, once nobody reads or writes it any more. Any
  /// other array is left alone.
  default void reuse(double[] numbers) {}
}
