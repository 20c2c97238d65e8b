package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.normalizer.Digest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.zip.CRC32C;

/// Reads the bytes of [ByteOutput] and checks everything. Bytes that break a rule are a
/// [MalformedBytesException].
final class ByteInput {
  private final ByteBuffer buffer;
  private final int version;

  private ByteInput(ByteBuffer buffer, int version) {
    this.buffer = buffer;
    this.version = version;
  }

  /// Checks the checksum and the layout's version, the first byte.
  static ByteInput open(byte[] bytes, int version) {
    return open(bytes, version, version);
  }

  /// Checks bytes of several versions of a layout, from `oldest` to `newest`.
  static ByteInput open(byte[] bytes, int oldest, int newest) {
    int length = bytes.length - Integer.BYTES;
    if (length < 1) {
      throw new MalformedBytesException("there are only " + bytes.length + " bytes");
    }
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (buffer.getInt(length) != (int) checksum.getValue()) {
      throw new MalformedBytesException("the checksum is wrong");
    }
    int found = buffer.limit(length).get();
    if (found < oldest || found > newest) {
      throw new MalformedBytesException("the layout has version " + found + ", known is " + newest);
    }
    return new ByteInput(buffer, found);
  }

  /// The version of the layout.
  int version() {
    return version;
  }

  int get() {
    return require(Byte.BYTES).get();
  }

  int getInt() {
    return require(Integer.BYTES).getInt();
  }

  long getLong() {
    return require(Long.BYTES).getLong();
  }

  double getDouble() {
    return Double.longBitsToDouble(getLong());
  }

  boolean getFlag() {
    int flag = get();
    if (flag != 0 && flag != 1) {
      throw new MalformedBytesException("a flag is " + flag);
    }
    return flag == 1;
  }

  String getText() {
    return new String(getBytes(), StandardCharsets.UTF_8);
  }

  byte[] getBytes() {
    byte[] bytes = new byte[checked(getInt())];
    buffer.get(bytes);
    return bytes;
  }

  FeatureColumn getColumn(int features) {
    int coding = get();
    if (coding != ByteOutput.EACH && coding != ByteOutput.UNIFORM) {
      throw new MalformedBytesException("a column has coding " + coding);
    }
    if (coding == ByteOutput.UNIFORM) {
      return FeatureColumn.filled(features, getDouble());
    }
    checked((long) features * Double.BYTES);
    double[] column = new double[features];
    for (int j = 0; j < features; j++) {
      column[j] = Double.longBitsToDouble(buffer.getLong());
    }
    return FeatureColumn.of(column);
  }

  /// The number of bytes read.
  int position() {
    return buffer.position();
  }

  /// The digest of the bytes from a position to the present one.
  Digest digest(int from) {
    MessageDigest sha256 = Digest.sha256();
    sha256.update(buffer.duplicate().flip().position(from));
    return Digest.of(sha256);
  }

  /// Refuses bytes that are left over.
  void end() {
    if (buffer.hasRemaining()) {
      throw new MalformedBytesException(buffer.remaining() + " bytes are left over");
    }
  }

  private ByteBuffer require(int bytes) {
    checked(bytes);
    return buffer;
  }

  private int checked(long bytes) {
    if (bytes < 0 || bytes > buffer.remaining()) {
      throw new MalformedBytesException(
          bytes + " bytes are wanted where " + buffer.remaining() + " are left");
    }
    return (int) bytes;
  }
}
