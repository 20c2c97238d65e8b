package io.evenkeel.framework;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A message of Protocol Buffers in the making, as its bytes. Each field is a tag and a value:
///
/// | tag `number << 3 \| type` | type | value                                       |
/// |--------------------------|------|---------------------------------------------|
/// | varint                   | 0    | varint: 7 bits a byte, the lowest ones first |
/// | varint                   | 2    | length as a varint, then as many bytes      |
/// | varint                   | 5    | 4 bytes, little-endian                      |
///
/// Callers put fields in ascending order, as Google's library writes them; a repeated field is put
/// again for each value. Source: <https://protobuf.dev/programming-guides/encoding/>. Not safe for
/// use by more than one thread.
final class ProtobufMessage {
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FOUR_BYTES = 5;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /// Puts an `int32`, `int64` or `enum`.
  ProtobufMessage integer(int number, long value) {
    tag(number, VARINT);
    varint(value);
    return this;
  }

  /// Puts a `float`.
  ProtobufMessage float32(int number, float value) {
    tag(number, FOUR_BYTES);
    bytes.writeBytes(
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    return this;
  }

  /// Puts a `string`.
  ProtobufMessage text(int number, String value) {
    return bytes(number, value.getBytes(StandardCharsets.UTF_8));
  }

  /// Puts a message.
  ProtobufMessage message(int number, ProtobufMessage value) {
    return bytes(number, value.toBytes());
  }

  /// Puts `bytes`.
  ProtobufMessage bytes(int number, byte[] value) {
    tag(number, LENGTH_DELIMITED);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  /// What was put so far.
  byte[] toBytes() {
    return bytes.toByteArray();
  }

  private void tag(int number, int type) {
    varint(((long) number << 3) | type);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }
}
