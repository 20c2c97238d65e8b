package io.evenkeel.codec.arrow.message;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.evenkeel.codec.arrow.message.ArrowBuffers.Extent;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.UnreadableBody;
import java.util.function.LongConsumer;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.CompressionType;

/// Decompresses the buffers of a record batch, each for itself.
///
/// | bytes | meaning                                                                    |
/// |-------|----------------------------------------------------------------------------|
/// | 8     | length decompressed, little-endian; −1 if the buffer is not compressed     |
/// | rest  | one LZ4 frame, or zstd frames                                              |
///
/// A claimed length gets memory only if so many bytes can be made of those that came, so a short
/// lie costs its sender as much as a true bomb. Source:
/// <https://arrow.apache.org/docs/format/Columnar.html#compression>.
final class ArrowCompression {
  private static final int PREFIX = Long.BYTES;
  private static final long NOT_COMPRESSED = -1;

  /// A run of LZ4 has 255 values for each byte of its length.
  private static final long MOST_OF_LZ4 = 255;

  /// A block of zstd has at most 128 KB and at least 4 bytes.
  private static final long MOST_OF_ZSTD = 32 << 10;

  /// The library's tables.
  private static final long ZSTD_TABLES = 160 << 10;

  private final ArrowMessage message;
  private final boolean zstd;
  private final LongConsumer memory;
  private final long mostBytes;
  private long decompressed;

  /// @param memory takes memory before it is used
  /// @param mostBytes the most bytes of all decompressed buffers
  /// @throws UnreadableBody if the coding is unknown
  ArrowCompression(
      ArrowMessage message, BodyCompression coding, LongConsumer memory, long mostBytes) {
    this.message = message;
    this.memory = memory;
    this.mostBytes = mostBytes;
    this.zstd = coding.codec() == CompressionType.ZSTD;
    boolean known = zstd || coding.codec() == CompressionType.LZ4_FRAME;
    if (!known || coding.method() != BodyCompressionMethod.BUFFER) {
      throw message.fail(
          "The record batch is compressed in an unknown way; send it with LZ4, ZSTD or"
              + " uncompressed.");
    }
    if (zstd) {
      memory.accept(ZSTD_TABLES);
    }
  }

  /// The bytes of a buffer.
  Extent decompressed(Extent coded) {
    if (coded.length() == 0) {
      return coded;
    }
    if (coded.length() < PREFIX) {
      throw message.fail("A compressed buffer has no length before its bytes.");
    }
    int at = coded.at() + PREFIX;
    int size = coded.length() - PREFIX;
    long length = coded.buffer().getLong(0);
    if (length == NOT_COMPRESSED) {
      return new Extent(coded.bytes(), at, size);
    }
    if (length < 0 || length > (size + 1L) * (zstd ? MOST_OF_ZSTD : MOST_OF_LZ4)) {
      throw message.fail(
          "A compressed buffer of " + size + " bytes claims to stand for " + length + ".");
    }
    if (length > mostBytes - decompressed) {
      throw BatchTooLarge.ofMessage(mostBytes);
    }
    decompressed += length;
    memory.accept(length);
    byte[] plain = new byte[(int) length];
    if (made(coded.bytes(), at, size, plain) != length) {
      throw message.fail("A compressed buffer holds another number of bytes than it claims.");
    }
    return new Extent(plain, 0, plain.length);
  }

  private long made(byte[] source, int at, int size, byte[] plain) {
    try {
      return zstd
          ? Zstd.decompressByteArray(plain, 0, plain.length, source, at, size)
          : new Lz4Frame(source, at, size, plain).decompress();
    } catch (ZstdException | Lz4Frame.Damaged e) {
      throw message.fail("A compressed buffer is damaged.");
    } catch (LinkageError e) {
      throw message.fail(
          "This service cannot read ZSTD on its platform; send the table with LZ4 or"
              + " uncompressed.");
    }
  }
}
