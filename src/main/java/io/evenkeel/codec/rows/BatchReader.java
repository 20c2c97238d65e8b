package io.evenkeel.codec.rows;

import java.nio.ByteBuffer;

/// Reads one body as its bytes arrive. Used by one thread at a time.
public interface BatchReader {

  /// Takes the next bytes; they may be written to afterwards.
  ///
  /// @throws UnreadableBody if the body cannot be what its media type says
  void feed(byte[] bytes, int offset, int length);

  /// A reader that takes bytes best from the buffer in which they came, and so fast that the thread
  /// which serves connections may do it.
  interface OfBuffers extends BatchReader {
    /// Takes the next bytes, all that a buffer has left.
    void feed(ByteBuffer bytes);
  }

  /// Whether the bytes that come next are rows which are handed on before the body's end, so that
  /// any number of them takes the same memory.
  boolean isHandingOn();

  /// Hands on the batch of a stream that is complete, because what follows it cannot be read.
  void handOnComplete();

  /// Hands on the whole rows of a stream that are here, because their sender shall not wait longer.
  void handOnAll();

  /// Ends the body.
  ///
  /// @throws UnreadableBody if it ended too early
  DecodedBatch finish();
}
