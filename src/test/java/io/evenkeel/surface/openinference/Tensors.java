package io.evenkeel.surface.openinference;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/// Bodies of inference requests.
final class Tensors {
  private Tensors() {}

  /// JSON in which `'` stands for `"`.
  static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] doubles(double... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      buffer.putDouble(value);
    }
    return buffer.array();
  }

  static byte[] floats(double... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      buffer.putFloat((float) value);
    }
    return buffer.array();
  }

  /// As Python's `gzip.compress` does it: with the time, in seconds, in the head.
  static byte[] gzip(byte[] plain, int time) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(plain, bytes, true);
    byte[] body = bytes.toByteArray();
    ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).putInt(4, time);
    return body;
  }

  /// As Python's `zlib.compress` does it.
  static byte[] deflate(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(plain, bytes, false);
    return bytes.toByteArray();
  }

  private static void write(byte[] plain, OutputStream to, boolean gzip) {
    try (OutputStream out = gzip ? new GZIPOutputStream(to) : new DeflaterOutputStream(to)) {
      out.write(plain);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
