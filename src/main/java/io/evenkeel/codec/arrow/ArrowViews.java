package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowBuffers;
import io.evenkeel.codec.arrow.message.ArrowBuffers.Extent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The views of a column of texts or bytes, and the bytes that they show. All bytes stand in one
/// buffer here, however many came.
///
/// | bytes of a view | meaning                                                          |
/// |-----------------|------------------------------------------------------------------|
/// | 4               | length                                                           |
/// | 12              | the bytes themselves, if they are so few                         |
/// | 4, 4, 4         | otherwise the first four, the number of the buffer, and an offset |
///
/// Source: <https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout>.
final class ArrowViews {
  /// The views of a column that has none.
  static final ArrowViews NONE = new ArrowViews(new byte[0], new byte[0]);

  private static final int WIDTH = 16;
  private static final int MOST_INLINE = 12;
  private static final int INLINE = 4;
  private static final int BUFFER = 8;
  private static final int OFFSET = 12;

  private final ByteBuffer views;
  private final byte[] bytes;

  private ArrowViews(byte[] views, byte[] bytes) {
    this.views = ByteBuffer.wrap(views).order(ByteOrder.LITTLE_ENDIAN);
    this.bytes = bytes;
  }

  /// Copies the views of the next column of a record batch, and the bytes that they show. Views of
  /// nulls become empty.
  static ArrowViews next(int length, byte[] validity, ArrowBuffers buffers) {
    ByteBuffer came = buffers.nextBuffer((long) length * WIDTH).buffer();
    List<Extent> sources = new ArrayList<>();
    long room = 0;
    for (long i = buffers.nextVariadicCount(); i > 0; i--) {
      Extent source = buffers.nextBuffer(0);
      sources.add(source);
      room += source.length();
    }
    byte[] views = new byte[length * WIDTH];
    came.get(0, views);
    ByteBuffer own = ByteBuffer.wrap(views).order(ByteOrder.LITTLE_ENDIAN);
    long shown = 0;
    for (int i = 0; i < length; i++) {
      if (validity.length > 0 && (validity[i >> 3] >> (i & 7) & 1) == 0) {
        own.putLong(i * WIDTH, 0).putLong(i * WIDTH + Long.BYTES, 0);
      }
      if (!isSound(own, i * WIDTH, sources)) {
        throw buffers.fail("A view of a column leads outside its buffers.");
      }
      shown += outside(own, i * WIDTH);
    }
    return shown <= room ? gathered(views, sources) : joined(views, sources, room);
  }

  private static boolean isSound(ByteBuffer views, int at, List<Extent> sources) {
    int length = views.getInt(at);
    if (length <= MOST_INLINE) {
      return length >= 0;
    }
    int source = views.getInt(at + BUFFER);
    int offset = views.getInt(at + OFFSET);
    return source >= 0
        && source < sources.size()
        && offset >= 0
        && offset <= sources.get(source).length() - length;
  }

  /// How many bytes stand outside of a view.
  private static int outside(ByteBuffer views, int at) {
    int length = views.getInt(at);
    return length <= MOST_INLINE ? 0 : length;
  }

  /// Copies the bytes that are shown, one after the other.
  private static ArrowViews gathered(byte[] views, List<Extent> sources) {
    ByteBuffer own = ByteBuffer.wrap(views).order(ByteOrder.LITTLE_ENDIAN);
    int size = 0;
    for (int at = 0; at < views.length; at += WIDTH) {
      size += outside(own, at);
    }
    byte[] bytes = new byte[size];
    int end = 0;
    for (int at = 0; at < views.length; at += WIDTH) {
      int length = outside(own, at);
      if (length > 0) {
        Extent source = sources.get(own.getInt(at + BUFFER));
        int from = source.at() + own.getInt(at + OFFSET);
        System.arraycopy(source.bytes(), from, bytes, end, length);
        own.putInt(at + BUFFER, 0).putInt(at + OFFSET, end);
        end += length;
      }
    }
    return new ArrowViews(views, bytes);
  }

  /// Copies all bytes: views that share them show more than there are.
  private static ArrowViews joined(byte[] views, List<Extent> sources, long room) {
    byte[] bytes = new byte[Math.toIntExact(room)];
    int[] starts = new int[sources.size()];
    int end = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = end;
      Extent source = sources.get(i);
      System.arraycopy(source.bytes(), source.at(), bytes, end, source.length());
      end += source.length();
    }
    ByteBuffer own = ByteBuffer.wrap(views).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < views.length; at += WIDTH) {
      if (outside(own, at) > 0) {
        int start = starts[own.getInt(at + BUFFER)];
        own.putInt(at + BUFFER, 0).putInt(at + OFFSET, start + own.getInt(at + OFFSET));
      }
    }
    return new ArrowViews(views, bytes);
  }

  /// The bytes that a view shows.
  ByteBuffer bytes(int i) {
    int at = i * WIDTH;
    int length = views.getInt(at);
    return length <= MOST_INLINE
        ? ByteBuffer.wrap(views.array(), at + INLINE, length)
        : ByteBuffer.wrap(bytes, views.getInt(at + OFFSET), length);
  }

  /// How many bytes all of it takes.
  long size() {
    return (long) views.capacity() + bytes.length;
  }

  /// Some of the views, with the bytes that they show.
  ArrowViews slice(int from, int count) {
    byte[] some = new byte[count * WIDTH];
    views.get(from * WIDTH, some);
    ByteBuffer own = ByteBuffer.wrap(some).order(ByteOrder.LITTLE_ENDIAN);
    long shown = 0;
    for (int at = 0; at < some.length; at += WIDTH) {
      shown += outside(own, at);
    }
    return shown <= bytes.length
        ? gathered(some, List.of(new Extent(bytes, 0, bytes.length)))
        : new ArrowViews(some, bytes);
  }

  /// The buffers behind the validity in a record batch.
  Stream<byte[]> buffers() {
    return bytes.length == 0 ? Stream.of(views.array()) : Stream.of(views.array(), bytes);
  }
}
