package io.evenkeel.codec.rows;

/// The memory that one request may take: a reader asks for it before it allocates, so that a few
/// bytes which stand for many numbers are refused in time.
public interface MemoryShare {
  /// As much as anybody likes.
  MemoryShare UNLIMITED =
      new MemoryShare() {
        @Override
        public void take(long bytes) {}

        @Override
        public void giveBack(long bytes) {}
      };

  /// Takes bytes that are about to be allocated.
  ///
  /// @throws RuntimeException if there is no room for them; nothing is taken then
  void take(long bytes);

  /// Gives bytes back that are needed no longer. Whatever is left is given back when the request
  /// ends.
  void giveBack(long bytes);
}
