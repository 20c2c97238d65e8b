package io.evenkeel.codec.arrow.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Decompresses one LZ4 frame into an array of known length.
///
/// A frame has a head and then blocks. A block is sequences: literal bytes, then a match, which
/// repeats bytes that came before, also those of the block before. The last sequence has no match.
///
/// | bytes | meaning of a frame's part                                                       |
/// |-------|---------------------------------------------------------------------------------|
/// | 4     | `04 22 4D 18`                                                                   |
/// | 1     | bits 6 and 7: version 1; 4: checksum of blocks; 3: size; 2: checksum; 0: dictionary |
/// | 1     | the largest block                                                               |
/// | 0, 8  | size decompressed                                                               |
/// | 1     | checksum of the head                                                            |
/// | 4 + n | a block: n, of which the highest bit says that it is not compressed; 0 ends     |
///
/// Checksums are passed over: the body's own framing has seen to it that all bytes came. Source:
/// <https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md>.
final class Lz4Frame {
  /// The bytes are no LZ4 frame, or it makes more bytes than there is room for.
  static final class Damaged extends RuntimeException {
    private Damaged() {
      super("damaged", null, false, false);
    }
  }

  private static final int MAGIC = 0x184D2204;
  private static final int VERSION_BITS = 0xC0;
  private static final int VERSION = 0x40;
  private static final int CHECKSUM_OF_BLOCKS = 0x10;
  private static final int SIZE = 0x08;
  private static final int CHECKSUM = 0x04;
  private static final int DICTIONARY = 0x01;
  private static final int NOT_COMPRESSED = 0x80000000;
  private static final int LONGER = 15;
  private static final int SHORTEST_MATCH = 4;

  private final ByteBuffer source;
  private final byte[] target;
  private int made;

  Lz4Frame(byte[] source, int from, int length, byte[] target) {
    this.source = ByteBuffer.wrap(source, from, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    this.target = target;
  }

  /// Decompresses the frame, behind which nothing may follow.
  ///
  /// @return how many bytes it makes
  /// @throws Damaged if the bytes are no such frame
  int decompress() {
    require(left() >= 7 && source.getInt() == MAGIC);
    int flags = source.get();
    require((flags & VERSION_BITS) == VERSION && (flags & DICTIONARY) == 0);
    skip(1 + ((flags & SIZE) != 0 ? Long.BYTES : 0) + 1);
    for (int size = size(); size != 0; size = size()) {
      int length = size & ~NOT_COMPRESSED;
      require(length <= left());
      if (size < 0) {
        literals(length);
      } else {
        block(source.position() + length);
      }
      skip((flags & CHECKSUM_OF_BLOCKS) != 0 ? Integer.BYTES : 0);
    }
    skip((flags & CHECKSUM) != 0 ? Integer.BYTES : 0);
    require(left() == 0);
    return made;
  }

  private int size() {
    require(left() >= Integer.BYTES);
    return source.getInt();
  }

  private void skip(int bytes) {
    require(left() >= bytes);
    source.position(source.position() + bytes);
  }

  private int left() {
    return source.remaining();
  }

  private void block(int end) {
    while (source.position() < end) {
      int token = source.get();
      int literals = length((token >>> 4) & LONGER, end);
      require(literals <= end - source.position());
      literals(literals);
      if (source.position() == end) {
        return;
      }
      require(end - source.position() >= Short.BYTES);
      int distance = Short.toUnsignedInt(source.getShort());
      match(distance, length(token & LONGER, end) + SHORTEST_MATCH);
    }
    // a block without a byte, or one that ends with a match
    throw new Damaged();
  }

  /// A length of 15 goes on in the next bytes, up to one that is not 255.
  private int length(int length, int end) {
    int whole = length;
    int more = length == LONGER ? 255 : 0;
    while (more == 255) {
      require(source.position() < end && whole <= target.length);
      more = Byte.toUnsignedInt(source.get());
      whole += more;
    }
    return whole;
  }

  private void literals(int count) {
    require(count <= target.length - made);
    source.get(target, made, count);
    made += count;
  }

  /// Repeats bytes. A match that is longer than its distance repeats what it has just made.
  private void match(int distance, int count) {
    require(distance > 0 && distance <= made && count <= target.length - made);
    int from = made - distance;
    int end = made + count;
    while (made < end) {
      int run = Math.min(made - from, end - made);
      System.arraycopy(target, from, target, made, run);
      made += run;
    }
  }

  private static void require(boolean sound) {
    if (!sound) {
      throw new Damaged();
    }
  }
}
