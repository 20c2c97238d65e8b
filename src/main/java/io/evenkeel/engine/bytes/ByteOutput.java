package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.moments.FeatureColumn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Writes little-endian bytes. These rules hold for all layouts, here and in [ByteInput]:
///
/// | what     | bytes                                                                            |
/// |----------|----------------------------------------------------------------------------------|
/// | text     | length in bytes (4), then UTF-8                                                  |
/// | column   | 1 and one double (8) where all D values have the same bits; 0 and D doubles else |
/// | checksum | CRC32C (4) of everything before it, at the very end                              |
///
/// Not safe for use by more than one thread.
final class ByteOutput {
  static final byte EACH = 0;
  static final byte UNIFORM = 1;

  private ByteBuffer buffer;

  ByteOutput(int expected) {
    buffer = ByteBuffer.allocate(expected).order(ByteOrder.LITTLE_ENDIAN);
  }

  ByteOutput put(int value) {
    room(Byte.BYTES).put((byte) value);
    return this;
  }

  ByteOutput putInt(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  ByteOutput putLong(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  ByteOutput putDouble(double value) {
    return putLong(Double.doubleToRawLongBits(value));
  }

  ByteOutput putText(String text) {
    return putBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Their number (4) and themselves.
  ByteOutput putBytes(byte[] bytes) {
    putInt(bytes.length);
    room(bytes.length).put(bytes);
    return this;
  }

  ByteOutput putColumn(FeatureColumn column) {
    if (column.isSame()) {
      return put(UNIFORM).putDouble(column.get(0));
    }
    int bytes = Math.multiplyExact(column.features(), Double.BYTES);
    ByteBuffer out = put(EACH).room(bytes);
    out.asDoubleBuffer().put(column.values());
    out.position(out.position() + bytes);
    return this;
  }

  /// All bytes so far and their checksum.
  byte[] sealed() {
    CRC32C checksum = new CRC32C();
    checksum.update(buffer.array(), 0, buffer.position());
    putInt((int) checksum.getValue());
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int needed = Math.addExact(buffer.position(), bytes);
      ByteBuffer larger = ByteBuffer.allocate(Math.max(needed, 2 * buffer.capacity()));
      buffer = larger.order(ByteOrder.LITTLE_ENDIAN).put(buffer.flip());
    }
    return buffer;
  }
}
