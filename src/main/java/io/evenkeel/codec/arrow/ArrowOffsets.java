package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowBuffers;
import io.evenkeel.codec.arrow.message.ArrowBuffers.Extent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The offsets at which the values of a column of texts, bytes or lists begin and the last one
/// ends.
final class ArrowOffsets {
  /// The offsets of a column whose values all have one length.
  static final ArrowOffsets NONE = new ArrowOffsets(Integer.BYTES, new byte[0]);

  private final int width;
  private final ByteBuffer bytes;

  private ArrowOffsets(int width, byte[] bytes) {
    this.width = width;
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Makes the offsets of a column, value by value.
  static final class Builder {
    private final ByteBuffer offsets;

    Builder(int values) {
      this.offsets =
          ByteBuffer.allocate((values + 1) * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      offsets.putInt(0);
    }

    /// Adds a value that ends here.
    void add(int end) {
      offsets.putInt(end);
    }

    ArrowOffsets offsets() {
      return new ArrowOffsets(Integer.BYTES, offsets.array());
    }
  }

  /// Copies the next buffer of a record batch. It may be empty if there are no values.
  ///
  /// @param width how many bytes an offset has, 4 or 8
  /// @param length how many values there are
  static ArrowOffsets of(int width, int length, ArrowBuffers buffers) {
    Extent extent = buffers.nextBuffer(length == 0 ? 0 : (length + 1L) * width);
    long needed = (length + 1L) * width;
    int from = extent.at();
    int to = from + (int) Math.min(extent.length(), needed);
    byte[] copy = Arrays.copyOfRange(extent.bytes(), from, to);
    return new ArrowOffsets(width, copy.length < needed ? new byte[width] : copy);
  }

  /// Whether the offsets ascend, the first is not negative, and the last is not beyond an end.
  boolean leadInto(int end) {
    long before = 0;
    for (int i = 0; i < bytes.capacity() / width; i++) {
      long next = get(i);
      if (next < before || next > end) {
        return false;
      }
      before = next;
    }
    return true;
  }

  private long get(int index) {
    return width == Integer.BYTES
        ? bytes.getInt(index * Integer.BYTES)
        : bytes.getLong(index * Long.BYTES);
  }

  /// The offset of a value. [#leadInto] must hold.
  int at(int index) {
    return (int) get(index);
  }

  /// The offsets of a slice of the values, moved so that the first is 0.
  ArrowOffsets slice(int from, int count) {
    ArrowOffsets slice = new ArrowOffsets(width, new byte[(count + 1) * width]);
    for (int i = 0; i <= count; i++) {
      int next = at(from + i) - at(from);
      if (width == Integer.BYTES) {
        slice.bytes.putInt(i * Integer.BYTES, next);
      } else {
        slice.bytes.putLong(i * Long.BYTES, next);
      }
    }
    return slice;
  }

  /// The bytes of the offsets in a record batch.
  byte[] bytes() {
    return bytes.array();
  }
}
