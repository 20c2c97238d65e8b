package io.evenkeel.codec.sample;

import io.evenkeel.codec.rows.UnreadableBody;

/// Reads the first rows of a table as its bytes arrive. Used by one thread at a time.
public interface SampleReader {
  /// The most rows of a sample. What follows them is not read.
  int MOST_ROWS = 10_000;

  /// Takes the next bytes. Their array may be overwritten afterwards.
  ///
  /// @return whether more bytes are wanted
  /// @throws UnreadableBody if the body cannot be what its media type says
  boolean feed(byte[] bytes, int offset, int length);

  /// Ends the body, or the part of it that was wanted.
  ///
  /// @throws UnreadableBody if the body ended too early
  Sample finish();
}
