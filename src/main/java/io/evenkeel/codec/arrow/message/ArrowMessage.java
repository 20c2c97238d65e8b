package io.evenkeel.codec.arrow.message;

import io.evenkeel.codec.rows.UnreadableBody;
import java.nio.BufferUnderflowException;
import java.util.function.Supplier;
import org.apache.arrow.flatbuf.Message;

/// One whole message of an Arrow stream: metadata, and a body whose length they tell. The next
/// message overwrites its bytes.
public final class ArrowMessage {
  private final Message metadata;
  private final int metadataLength;
  private final byte[] bytes;
  private final int bodyAt;
  private final int bodyLength;
  private final long offset;

  /// @param bytes hold the body from `bodyAt` on
  /// @param offset index in the stream of the first byte of the message
  ArrowMessage(
      Message metadata, int metadataLength, byte[] bytes, int bodyAt, int bodyLength, long offset) {
    this.metadata = metadata;
    this.metadataLength = metadataLength;
    this.bytes = bytes;
    this.bodyAt = bodyAt;
    this.bodyLength = bodyLength;
    this.offset = offset;
  }

  /// The metadata.
  public Message metadata() {
    return metadata;
  }

  /// How many bytes the metadata have, with padding.
  int metadataLength() {
    return metadataLength;
  }

  byte[] bytes() {
    return bytes;
  }

  int bodyAt() {
    return bodyAt;
  }

  int bodyLength() {
    return bodyLength;
  }

  /// Reads from the metadata. Their offsets may lead anywhere.
  ///
  /// @throws UnreadableBody if an offset leads outside the metadata, or to bytes of another kind
  public <T> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IndexOutOfBoundsException
        | IllegalArgumentException
        | ArithmeticException
        | NegativeArraySizeException
        | BufferUnderflowException e) {
      throw fail("The metadata of a message cannot be read.");
    }
  }

  /// Refuses the body at this message.
  public UnreadableBody fail(String detail) {
    return new UnreadableBody(detail, 1, offset + 1);
  }
}
