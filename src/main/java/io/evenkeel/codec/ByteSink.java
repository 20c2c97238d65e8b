package io.evenkeel.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes in the making.
final class ByteSink {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[512];
  private int size;

  int size() {
    return size;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  ByteSink put(byte b) {
    room(1);
    bytes[size++] = b;
    return this;
  }

  ByteSink put(char ascii) {
    return put((byte) ascii);
  }

  /// Text as UTF-8.
  ByteSink text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    room(encoded.length);
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
    return this;
  }

  /// The shortest decimal that reads back as the same double.
  ByteSink number(double x) {
    String digits = Double.toString(x);
    int length = digits.length();
    room(length);
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) digits.charAt(i);
    }
    return this;
  }

  /// A JSON string, quoted and escaped.
  ByteSink quoted(String text) {
    put('"');
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
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

  /// The bits of a long, little-endian.
  ByteSink longBits(long bits) {
    room(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[size++] = (byte) (bits >>> (8 * i));
    }
    return this;
  }

  /// The bits of an int, little-endian.
  ByteSink intBits(int bits) {
    room(Integer.BYTES);
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[size++] = (byte) (bits >>> (8 * i));
    }
    return this;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
