package io.evenkeel.http.body;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.UnreadableBody;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Decompresses zstd (RFC 8878): one frame or more. The library decodes; here the head of each
/// frame is read, since it says how much memory the library will take for it:
///
/// | bytes     | what                                                                        |
/// |-----------|-----------------------------------------------------------------------------|
/// | 4         | `28 B5 2F FD`; `5x 2A 4D 18` begins a frame that is to be passed over        |
/// | 1         | bits 6 and 7: which size; bit 5: one segment; bits 0 and 1: which dictionary |
/// | 0 or 1    | window: 1 KB · 2^(bits 3 to 7) · (1 + (bits 0 to 2) / 8); not of one segment |
/// | 0 to 4    | dictionary                                                                  |
/// | 0 to 8    | size decompressed, little-endian; the window of one segment                 |
///
/// Windows of more than 8 MB are refused, as RFC 9659 has it for HTTP. It also counts frames: the
/// library's own stream takes a body that breaks off within a second frame for whole.
final class ZstdDecompression implements Decompression {
  private static final int MAGIC = 0xFD2FB528;
  private static final int PASSED_OVER = 0x184D2A50;
  private static final int PASSED_OVER_BITS = 0xFFFFFFF0;
  private static final int DESCRIPTOR = 4;
  private static final int BEHIND_DESCRIPTOR = 5;
  private static final int ONE_SEGMENT = 0x20;
  private static final int[] DICTIONARY_BYTES = {0, 1, 2, 4};
  private static final int[] SIZE_BYTES = {1, 2, 4, 8};

  /// A size of two bytes begins where one of a single byte ends.
  private static final int SIZES_OF_ONE_BYTE = 256;

  private static final long MOST_WINDOW = 8 << 20;
  private static final long MOST_BLOCK = 128 << 10;
  private static final int BUFFER = 1 << 15;

  /// The library's tables and the two buffers here.
  private static final long BYTES = 224 << 10;

  /// A window is charged in steps of so many bytes.
  private static final long STEP = 256 << 10;

  private final MemoryShare memory;
  private final Arena arena = Arena.ofShared();
  private final ByteBuffer source;
  private final ByteBuffer target;
  private final ZstdDecompressCtx context;
  private byte[] coded = new byte[0];
  private int at;
  private long before;
  private long window;
  private long inWindow;
  private long held;
  private boolean begun;
  private boolean inFrame;
  private boolean closed;

  ZstdDecompression(MemoryShare memory) {
    memory.take(BYTES);
    this.memory = memory;
    this.source = arena.allocate(BUFFER).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).limit(0);
    this.target = arena.allocate(BUFFER).asByteBuffer();
    this.context = new ZstdDecompressCtx();
  }

  @Override
  public synchronized void give(byte[] bytes) {
    before += coded.length;
    coded = bytes;
    at = 0;
  }

  @Override
  public synchronized int next(byte[] piece) {
    while (!closed) {
      takeIn();
      if (!inFrame && !begins()) {
        return 0;
      }
      target.clear();
      inFrame = !decompress();
      int length = target.flip().remaining();
      if (length > 0) {
        inWindow += length;
        hold();
        target.get(piece, 0, length);
        return length;
      }
      if (inFrame && !source.hasRemaining() && at == coded.length) {
        return 0;
      }
    }
    return 0;
  }

  /// More bytes for a frame's head, or for the library once it has used up what it had.
  private void takeIn() {
    if (at < coded.length && !(inFrame && source.hasRemaining())) {
      source.compact();
      int length = Math.min(source.remaining(), coded.length - at);
      source.put(coded, at, length).flip();
      at += length;
    }
  }

  private boolean decompress() {
    try {
      return context.decompressDirectByteBufferStream(target, source);
    } catch (ZstdException e) {
      throw damaged("is damaged");
    }
  }

  /// Whether a frame begins here, as far as its head has come.
  private boolean begins() {
    if (source.remaining() <= DESCRIPTOR) {
      return false;
    }
    int magic = source.getInt(source.position());
    if ((magic & PASSED_OVER_BITS) != PASSED_OVER) {
      if (magic != MAGIC) {
        throw damaged("is damaged");
      }
      int descriptor = source.get(source.position() + DESCRIPTOR);
      boolean oneSegment = (descriptor & ONE_SEGMENT) != 0;
      int dictionary = DICTIONARY_BYTES[descriptor & 3];
      int size = SIZE_BYTES[(descriptor >>> 6) & 3];
      int head = BEHIND_DESCRIPTOR + (oneSegment ? dictionary + size : 1);
      if (source.remaining() < head) {
        return false;
      }
      begin(
          oneSegment ? size(head - size, size) : window(source.get(source.position() + head - 1)));
    }
    begun = true;
    inFrame = true;
    return true;
  }

  private long size(int from, int bytes) {
    long size = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      size = (size << Byte.SIZE) | (source.get(source.position() + from + i) & 0xFF);
    }
    return bytes == 2 ? size + SIZES_OF_ONE_BYTE : size;
  }

  private static long window(byte descriptor) {
    long whole = 1L << (10 + ((descriptor & 0xFF) >>> 3));
    return whole + whole / 8 * (descriptor & 7);
  }

  private void begin(long window) {
    if (Long.compareUnsigned(window, MOST_WINDOW) > 0) {
      throw new UnreadableBody(
          "The zstd coding of the body needs a window of "
              + Long.toUnsignedString(window)
              + " bytes; it may have "
              + MOST_WINDOW
              + ": compress with level 19 or lower, and without --long.",
          1,
          place() + 1);
    }
    this.window = window;
    inWindow = 0;
    hold();
  }

  /// Takes the library's memory for the part of the window that is in use, and for a block before
  /// it and behind it. The head of a frame promises a window; a short body never fills it, and what
  /// is not filled takes no memory.
  private void hold() {
    long needed = Math.min(window, inWindow) + 2 * Math.min(window, MOST_BLOCK);
    if (needed > held) {
      long more = (needed - held + STEP - 1) / STEP * STEP;
      memory.take(more);
      held += more;
    }
  }

  @Override
  public synchronized void finish() {
    if (!begun || inFrame || source.hasRemaining()) {
      throw damaged("ends too early");
    }
  }

  /// How many coded bytes are behind it.
  private long place() {
    return before + at - source.remaining();
  }

  private UnreadableBody damaged(String how) {
    return new UnreadableBody("The zstd coding of the body " + how + ".", 1, place() + 1);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      context.close();
      arena.close();
    }
  }
}
