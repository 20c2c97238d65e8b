package io.evenkeel.codec.number;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;

/// Collects bytes in an array that grows.
public final class ByteSink {
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int size;

  public ByteSink() {
    this(512);
  }

  /// @param room how many bytes fit before the array grows
  public ByteSink(int room) {
    bytes = new byte[room];
  }

  /// How many bytes there are.
  public int size() {
    return size;
  }

  /// A copy of the bytes.
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /// Forgets the bytes. Their array is used again.
  public void clear() {
    size = 0;
  }

  /// The bytes without a copy. Nothing may be put while they are in use.
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  /// Hands the bytes on, as an array and how many of it there are, and forgets them. The array is
  /// used again.
  public void drainTo(ObjIntConsumer<byte[]> taker) {
    taker.accept(bytes, size);
    size = 0;
  }

  /// Puts all bytes of an array.
  public ByteSink put(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  /// Puts the first bytes of an array.
  public ByteSink put(byte[] more, int length) {
    room(length);
    System.arraycopy(more, 0, bytes, size, length);
    size += length;
    return this;
  }

  /// Puts a byte.
  public ByteSink put(byte b) {
    room(1);
    bytes[size++] = b;
    return this;
  }

  /// Puts a character of ASCII.
  public ByteSink put(char ascii) {
    return put((byte) ascii);
  }

  /// Puts a text as UTF-8.
  public ByteSink text(String text) {
    return put(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Puts a number as the shortest decimal that reads back as the same double.
  public ByteSink number(double x) {
    room(NumberWriter.ROOM);
    size = NumberWriter.write(x, bytes, size);
    return this;
  }

  /// Puts a number as [#number(double)] does, with another decimal mark than a point.
  public ByteSink number(double x, char decimal) {
    int from = size;
    number(x);
    for (int i = from; i < size; i++) {
      if (bytes[i] == '.') {
        bytes[i] = (byte) decimal;
      }
    }
    return this;
  }

  /// Puts numbers with commas between them, and `null` for NaN.
  public void numbers(double[] values, int from, int to) {
    numbers(values, from, to, Integer.MAX_VALUE, 0);
  }

  /// Puts the numbers of rows with commas between them, `null` for NaN.
  ///
  /// @param width how many numbers a row has
  /// @param between the three characters between rows, the first in the lowest byte
  public void numbers(double[] values, int from, int to, int width, int between) {
    room((to - from) * (NumberWriter.ROOM - 5) + NumberWriter.ROOM);
    if (to - from == 1) {
      size = NumberWriter.one(values[from], bytes, size);
    } else {
      size = NumberWriter.ofThread().write(values, from, to, width, between, bytes, size);
    }
  }

  /// Puts a text as a JSON string, quoted and escaped.
  public ByteSink quoted(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    put('"');
    if (isPlain(encoded)) {
      return put(encoded).put('"');
    }
    for (byte b : encoded) {
      if (b == '"' || b == '\\') {
        put('\\').put(b);
      } else if (b >= 0 && b < 0x20) {
        text("\\u00").put(HEX[b >> 4]).put(HEX[b & 15]);
      } else {
        put(b);
      }
    }
    return put('"');
  }

  private static boolean isPlain(byte[] encoded) {
    for (byte b : encoded) {
      if (b == '"' || b == '\\' || (b >= 0 && b < 0x20)) {
        return false;
      }
    }
    return true;
  }

  /// Puts numbers of 8 bytes each, little-endian.
  public void doubles(double[] values, int from, int to) {
    room((to - from) * Double.BYTES);
    ByteBuffer.wrap(bytes, size, (to - from) * Double.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asDoubleBuffer()
        .put(values, from, to - from);
    size += (to - from) * Double.BYTES;
  }

  /// Puts numbers of 4 bytes each, little-endian, rounded to the nearest.
  public void floats(double[] values, int from, int to) {
    room((to - from) * Float.BYTES);
    for (int i = from; i < to; i++) {
      FLOATS.set(bytes, size, (float) values[i]);
      size += Float.BYTES;
    }
  }

  /// Puts little-endian numbers of an IEEE 754 type, rounded to the nearest.
  ///
  /// @param type a type of floats
  public void floats(NumberType type, double[] values, int from, int to) {
    switch (type) {
      case FLOAT16 -> halves(values, from, to);
      case FLOAT32 -> floats(values, from, to);
      default -> doubles(values, from, to);
    }
  }

  private void halves(double[] values, int from, int to) {
    room((to - from) * Short.BYTES);
    for (int i = from; i < to; i++) {
      short half = NumberType.float16(values[i]);
      bytes[size++] = (byte) half;
      bytes[size++] = (byte) (half >> Byte.SIZE);
    }
  }

  /// Puts zeros.
  ///
  /// @return the zeros, little-endian; the caller may overwrite them until more is put
  public ByteBuffer zeros(int length) {
    room(length);
    ByteBuffer zeros = ByteBuffer.wrap(bytes, size, length).slice();
    size += length;
    return zeros.order(ByteOrder.LITTLE_ENDIAN);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
