package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.number.NumberType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Reads the numbers of a tensor from bytes behind the JSON, little-endian. NaN is a missing value.
final class TensorBytes {
  private final @Nullable TensorNumbers numbers;
  private final NumberType type;
  private final byte[] rest = new byte[Double.BYTES];
  private int restLength;
  private long left;

  private TensorBytes(@Nullable TensorNumbers numbers, NumberType type, long size) {
    this.numbers = numbers;
    this.type = type;
    this.left = size;
  }

  /// Reads bytes of a type.
  ///
  /// @param size the bytes of the tensor
  static TensorBytes of(TensorNumbers numbers, TensorType type, long size) {
    return new TensorBytes(numbers, type.numbers(), size);
  }

  /// Passes over bytes.
  static TensorBytes ignored(long size) {
    return new TensorBytes(null, NumberType.UINT8, size);
  }

  /// Whether all bytes of the tensor have come.
  boolean isWhole() {
    return left <= 0;
  }

  /// How many bytes came that are no whole number.
  int rest() {
    return restLength;
  }

  /// Takes the next bytes of the tensor.
  ///
  /// @return how many of them were taken
  int feed(byte[] bytes, int offset, int length) {
    int taken = (int) Math.min(length, left);
    left -= taken;
    if (numbers != null) {
      feed(numbers, ByteBuffer.wrap(bytes, offset, taken));
    }
    return taken;
  }

  private void feed(TensorNumbers into, ByteBuffer bytes) {
    while (restLength > 0 && bytes.hasRemaining()) {
      rest[restLength++] = bytes.get();
      if (restLength == type.width()) {
        restLength = 0;
        numbers(into, ByteBuffer.wrap(rest, 0, type.width()));
      }
    }
    numbers(into, bytes);
    while (bytes.hasRemaining()) {
      rest[restLength++] = bytes.get();
    }
  }

  private void numbers(TensorNumbers into, ByteBuffer bytes) {
    int count = bytes.remaining() / type.width();
    if (count == 0) {
      return;
    }
    ByteBuffer ordered = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    int first = into.size();
    type.source(ordered).get(into.roomFor(count), first, count);
    into.added(count);
    for (int i = 0; type.mayBeInexact() && i < count; i++) {
      long bits = ordered.getLong(i * Long.BYTES);
      if (!type.isExact(bits)) {
        into.notExact(first + i, type.decimal(bits));
      }
    }
    bytes.position(bytes.position() + count * type.width());
  }
}
