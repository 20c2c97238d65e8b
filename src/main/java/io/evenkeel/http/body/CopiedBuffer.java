package io.evenkeel.http.body;

import io.evenkeel.codec.rows.MemoryShare;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/// Copies buffers of the network for another thread. A buffer must be released exactly once. One
/// that waits between two threads when one of them gives up may be released twice, or never.
final class CopiedBuffer {
  private CopiedBuffer() {}

  /// Copies the bytes of a buffer, and releases it.
  ///
  /// @param memory that the copy is taken from
  static byte[] bytes(DataBuffer buffer, MemoryShare memory) {
    try {
      memory.take(buffer.readableByteCount());
      byte[] bytes = new byte[buffer.readableByteCount()];
      buffer.read(bytes);
      return bytes;
    } finally {
      DataBufferUtils.release(buffer);
    }
  }
}
