package io.evenkeel.codec.arrow.message;

import com.google.flatbuffers.FlatBufferBuilder;
import io.evenkeel.codec.number.ByteSink;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MetadataVersion;

/// Writes messages as [ArrowMessages] describes them.
public final class ArrowMessageWriter {
  private static final int PREFIX = 2 * Integer.BYTES;
  private static final int MARKER = -1;
  private static final int ALIGNMENT = 8;

  private ArrowMessageWriter() {}

  /// Writes a message up to its body.
  ///
  /// @param kind of the header, which is in the builder already
  /// @return how many bytes were written
  public static int write(
      FlatBufferBuilder builder, byte kind, int header, long bodyLength, ByteSink out) {
    Message.startMessage(builder);
    Message.addHeaderType(builder, kind);
    Message.addHeader(builder, header);
    Message.addVersion(builder, MetadataVersion.V5);
    Message.addBodyLength(builder, bodyLength);
    builder.finish(Message.endMessage(builder));
    ByteBuffer metadata = builder.dataBuffer();
    int padded = aligned(metadata.remaining());
    out.zeros(PREFIX + padded).putInt(MARKER).putInt(padded).put(metadata);
    return PREFIX + padded;
  }

  /// The next length that the format allows.
  public static int aligned(int length) {
    return Math.ceilDiv(length, ALIGNMENT) * ALIGNMENT;
  }
}
