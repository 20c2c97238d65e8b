package io.evenkeel.codec.rows;

/// Memory that has room for everything, and remembers how much of it was taken.
public final class CountedMemory implements MemoryShare {
  private long held;
  private long most;

  @Override
  public void take(long bytes) {
    held += bytes;
    most = Math.max(most, held);
  }

  @Override
  public void giveBack(long bytes) {
    held -= bytes;
  }

  /// How many bytes are held now.
  public long held() {
    return held;
  }

  /// How many bytes were held at most.
  public long most() {
    return most;
  }
}
