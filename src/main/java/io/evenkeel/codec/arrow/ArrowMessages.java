package io.evenkeel.codec.arrow;

import com.google.flatbuffers.FlatBufferBuilder;
import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.OtherFormat;
import io.evenkeel.codec.rows.UnreadableBody;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.jspecify.annotations.Nullable;

/// Cuts an Arrow stream into its messages and holds one at a time; also writes messages.
///
/// | bytes | meaning                                                                      |
/// |-------|------------------------------------------------------------------------------|
/// | 4     | `FF FF FF FF`                                                                |
/// | 4     | m, the length of the metadata with padding, little-endian; 0 ends the stream |
/// | m     | metadata: a flatbuffer `Message`, which says how long the body is            |
/// | b     | body                                                                         |
///
/// A stream may end without the length 0, as the format allows. Source:
/// <https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format>.
final class ArrowMessages {
  private static final int PREFIX = 2 * Integer.BYTES;
  private static final int MARKER = -1;
  private static final int ALIGNMENT = 8;
  private static final int FILE_MARKER =
      little("ARRO".getBytes(StandardCharsets.US_ASCII)).getInt(0);

  private enum Place {
    PREFIX,
    METADATA,
    BODY,
    ENDED
  }

  private final int mostBytes;
  private final MemoryShare memory;
  private final Consumer<ArrowMessage> taker;
  private byte[] bytes = new byte[1024];
  private int size;
  private int wanted = PREFIX;
  private Place place = Place.PREFIX;
  private @Nullable Message metadata;
  private int metadataLength;
  private long offset;

  /// @param mostBytes the most bytes of a message
  /// @param memory is asked before a message is held
  /// @param taker takes each message as soon as it is whole
  ArrowMessages(long mostBytes, MemoryShare memory, Consumer<ArrowMessage> taker) {
    this.memory = memory;
    this.mostBytes = (int) Math.min(mostBytes, Integer.MAX_VALUE - 8);
    this.taker = taker;
  }

  /// Takes the next bytes.
  ///
  /// @throws UnreadableBody if they are no message
  /// @throws BatchTooLarge if a message claims more than the most bytes
  void feed(byte[] source, int from, int length) {
    int at = from;
    int end = from + length;
    while (at < end) {
      if (place == Place.ENDED) {
        throw fail("Nothing may follow the end of the stream.");
      }
      int taken = Math.min(end - at, wanted - size);
      reserve(taken);
      System.arraycopy(source, at, bytes, size, taken);
      size += taken;
      at += taken;
      if (size == wanted) {
        advance();
      }
    }
  }

  /// Makes room for at most twice the bytes that have come, whatever length the message claims.
  private void reserve(int more) {
    if (bytes.length - size < more) {
      long doubled = Math.min(wanted, bytes.length * 2L);
      int room = (int) Math.max(doubled, size + (long) more);
      memory.take(room);
      int before = bytes.length;
      bytes = Arrays.copyOf(bytes, room);
      memory.giveBack(before);
    }
  }

  private void advance() {
    switch (place) {
      case PREFIX -> prefix();
      case METADATA -> metadata();
      case BODY, ENDED -> end(wanted - PREFIX - metadataLength);
    }
  }

  private void prefix() {
    requireMarker();
    metadataLength = little(bytes).getInt(Integer.BYTES);
    if (metadataLength == 0) {
      begin(Place.ENDED);
      return;
    }
    if (metadataLength < 0) {
      throw fail("The length of a message's metadata is negative.");
    }
    place = Place.METADATA;
    want(metadataLength);
  }

  private void requireMarker() {
    int marker = little(bytes).getInt(0);
    if (marker == FILE_MARKER) {
      throw fail("The body is an Arrow file; send an Arrow stream.");
    }
    if (marker != MARKER) {
      OtherFormat.mayBeAny(bytes, size);
      throw fail(
          "A message of an Arrow stream begins with the bytes FF FF FF FF, since Arrow 0.15.");
    }
  }

  private void metadata() {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, PREFIX, metadataLength).slice();
    long bodyLength = -1;
    short version = -1;
    try {
      metadata = Message.getRootAsMessage(buffer);
      bodyLength = metadata.bodyLength();
      version = metadata.version();
    } catch (RuntimeException e) {
      throw fail("The metadata of a message cannot be read.");
    }
    if (version != MetadataVersion.V5 && version != MetadataVersion.V4) {
      throw fail("The metadata of a message have another version than V4 or V5.");
    }
    if (bodyLength < 0) {
      throw fail("The length of a message's body is negative.");
    }
    if (bodyLength == 0) {
      end(0);
    } else {
      place = Place.BODY;
      want(bodyLength);
    }
  }

  private void want(long more) {
    if (more > mostBytes - wanted) {
      throw BatchTooLarge.ofMessage(mostBytes);
    }
    wanted += (int) more;
  }

  private void end(int bodyLength) {
    Message whole = metadata;
    if (whole != null) {
      int bodyAt = PREFIX + metadataLength;
      taker.accept(new ArrowMessage(whole, metadataLength, bytes, bodyAt, bodyLength, offset));
    }
    begin(Place.PREFIX);
  }

  private void begin(Place next) {
    offset += size;
    size = 0;
    wanted = PREFIX;
    metadata = null;
    place = next;
  }

  /// Ends the stream.
  ///
  /// @throws UnreadableBody if a message is cut off
  void finish() {
    if (size > 0) {
      if (place == Place.PREFIX && size >= Integer.BYTES) {
        requireMarker();
      }
      offset += size;
      throw fail("The body ends inside of a message.");
    }
  }

  /// Refuses the body at the message that is being read.
  UnreadableBody fail(String detail) {
    return new UnreadableBody(detail, 1, offset + 1);
  }

  /// Writes a message up to its body.
  ///
  /// @param kind of the header, which is in the builder already
  static void write(
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
  }

  /// The next length that the format allows.
  static int aligned(int length) {
    return Math.ceilDiv(length, ALIGNMENT) * ALIGNMENT;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
