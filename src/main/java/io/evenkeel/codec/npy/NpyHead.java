package io.evenkeel.codec.npy;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.OtherFormat;
import io.evenkeel.codec.rows.UnreadableBody;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Collects the bytes before the numbers of an `.npy` body, however they come.
final class NpyHead {
  /// The most bytes before the header.
  private static final int PREFIX = 12;

  /// NumPy itself reads no more than 10,000 unless told so.
  private static final int MOST = 1 << 16;

  private final MemoryShare memory;
  private byte[] bytes = new byte[OtherFormat.HEAD];
  private int size;
  private int wanted = OtherFormat.HEAD;

  /// @param memory is asked before a long header is held
  NpyHead(MemoryShare memory) {
    this.memory = memory;
  }

  /// Takes one more byte.
  ///
  /// @return the header, if that was the last byte of it
  @Nullable NpyHeader take(byte next) {
    bytes[size++] = next;
    if (!isNpy()) {
      requireOpen();
      return null;
    }
    // the length of the header has 2 bytes in version 1.0, and 4 in later ones
    int prefix = bytes[NpyHeader.MAGIC.length] == 1 ? PREFIX - 2 : PREFIX;
    if (size == prefix) {
      begin(prefix);
    }
    return size >= prefix && size == wanted ? header(prefix) : null;
  }

  /// Whether the bytes so far are those of the format.
  private boolean isNpy() {
    int count = Math.min(size, NpyHeader.MAGIC.length);
    return Arrays.equals(bytes, 0, count, NpyHeader.MAGIC, 0, count);
  }

  private void requireOpen() {
    if (!OtherFormat.mayBeAny(bytes, size)) {
      throw noArray();
    }
  }

  private static UnreadableBody noArray() {
    return new UnreadableBody(
        "The body is no .npy file: it does not begin with \\x93NUMPY. Write it by numpy.save, or"
            + " send numbers without a header as application/octet-stream.",
        1,
        1);
  }

  private void begin(int prefix) {
    int major = bytes[NpyHeader.MAGIC.length];
    int minor = bytes[NpyHeader.MAGIC.length + 1];
    if (major < 1 || major > 3 || minor != 0) {
      throw new UnreadableBody(
          "The .npy file is of version "
              + Byte.toUnsignedInt((byte) major)
              + "."
              + Byte.toUnsignedInt((byte) minor)
              + "; versions 1.0, 2.0 and 3.0 can be read.",
          1,
          NpyHeader.MAGIC.length + 1);
    }
    long length = 0;
    for (int i = prefix - 1; i >= NpyHeader.MAGIC.length + 2; i--) {
      length = length << Byte.SIZE | Byte.toUnsignedInt(bytes[i]);
    }
    if (length > MOST) {
      throw new UnreadableBody(
          "The header of the .npy file has " + length + " bytes; at most " + MOST + " are read.",
          1,
          NpyHeader.MAGIC.length + 3);
    }
    wanted = prefix + (int) length;
    if (wanted > bytes.length) {
      memory.take(wanted);
      bytes = Arrays.copyOf(bytes, wanted);
    }
  }

  private @Nullable NpyHeader header(int prefix) {
    // Latin-1 in versions 1.0 and 2.0, UTF-8 in 3.0: only names of fields, which are refused,
    // differ
    String text = new String(bytes, prefix, size - prefix, StandardCharsets.ISO_8859_1);
    NpyHeader header = new NpyDictionary(text, prefix).read();
    if (wanted > OtherFormat.HEAD) {
      memory.giveBack(wanted);
    }
    bytes = new byte[0];
    return header;
  }

  /// A body that ended in its head.
  UnreadableBody endedEarly() {
    return size > 0 && isNpy()
        ? new UnreadableBody("The body ends inside of the header of the .npy file.", 1, size + 1)
        : noArray();
  }
}
