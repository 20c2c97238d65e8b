package io.evenkeel.codec.rows;

import java.nio.ByteBuffer;

/// Reads one body as its bytes arrive. Used by one thread at a time.
public interface BatchReader {

  /// Takes the next bytes. Their array may be overwritten afterwards.
  ///
  /// @throws UnreadableBody if the body cannot be what its media type says
  void feed(byte[] bytes, int offset, int length);

  /// A reader that can take bytes from the buffer in which they came. It is so fast that the thread
  /// that serves connections may run it.
  interface OfBuffers extends BatchReader {
    /// Takes all remaining bytes of a buffer.
    void feed(ByteBuffer bytes);
  }

  /// Whether the next bytes are rows that are handed on before the body ends. Any number of such
  /// rows takes the same memory.
  boolean isHandingOn();

  /// Hands on the complete batch of a stream because the bytes behind it cannot be read.
  void handOnComplete();

  /// Hands on all whole rows of a stream because their sender has waited long enough.
  void handOnAll();

  /// Ends the body.
  ///
  /// @throws UnreadableBody if the body ended too early
  DecodedBatch finish();
}
