package io.evenkeel.codec.rows;

import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/// The formats that a body may have although its media type names another one. The first bytes of a
/// body tell its format. Each pattern gives at least 36 bits of evidence, so that no raw numbers
/// are refused by chance.
///
/// A pattern has a word for each byte: its value, a range `a-b`, a choice `a|b`, `..` for any
/// value, or `&07` for a value whose bits 07 are 0.
public enum OtherFormat {
  /// `numpy.save`: a mark and the major version.
  NPY("a NumPy array (.npy)", "send it as application/x-npy", "93 4E 55 4D 50 59 01-03"),
  /// `pyarrow.ipc.new_stream`: a mark, the length of a message below 2^24, and a schema.
  ARROW_STREAM(
      "an Arrow stream",
      "send it as application/vnd.apache.arrow.stream",
      "FF FF FF FF &07 .. .. 00"),
  /// `pyarrow.ipc.new_file`: `ARROW1` and padding.
  ARROW_FILE(
      "an Arrow file (Feather)",
      "send it as application/vnd.apache.arrow.file",
      "41 52 52 4F 57 31 00 00"),
  /// What pandas and R wrote before Arrow 0.17: `FEA1` and padding.
  FEATHER_1(
      "a Feather file of version 1",
      "write version 2, as pyarrow.feather.write_feather does, and send it as"
          + " application/vnd.apache.arrow.file",
      "46 45 41 31 00 00 00 00"),
  /// `PAR1`, then the first member of a page or footer: its type, or the version.
  PARQUET(
      "a Parquet file",
      "read it and send the table as application/vnd.apache.arrow.stream",
      "50 41 52 31 15 00|02|04|06"),
  /// RFC 1952: deflate, no reserved flag, a time, a level and a system that are known.
  GZIP(
      "a gzip file",
      "send what it was made of, or say Content-Encoding: gzip",
      "1F 8B 08 00-1F .. .. .. .. 00|02|04 00-0D|FF"),
  /// `PK`, a local file header, the version that it needs.
  ZIP(
      "a zip archive, as .npz and .xlsx are",
      "send what is in it: an array of an .npz as application/x-npy, a sheet of an .xlsx as"
          + " text/csv",
      "50 4B 03 04 00-3F 00"),
  /// A mark of eight bytes.
  HDF5("an HDF5 file", "send one of its arrays as application/x-npy", "89 48 44 46 0D 0A 1A 0A"),
  /// Protocol 4 or 5, and a frame whose length is below 2^32.
  PICKLE(
      "a Python pickle",
      "send the array as application/x-npy, which numpy.save writes",
      "80 04|05 95 .. .. .. .. 00 00 00 00");

  /// The most bytes that are needed to know the format.
  public static final int HEAD = 80;

  private final String described;
  private final String remedy;
  private final List<BitSet> pattern;

  OtherFormat(String described, String remedy, String pattern) {
    this.described = described;
    this.remedy = remedy;
    this.pattern = Stream.of(pattern.split(" ", -1)).map(OtherFormat::byteValues).toList();
  }

  private static BitSet byteValues(String word) {
    BitSet values = new BitSet(256);
    if (word.equals("..")) {
      values.set(0, 256);
    } else if (word.startsWith("&")) {
      int zeros = Integer.parseInt(word.substring(1), 16);
      for (int value = 0; value < 256; value++) {
        values.set(value, (value & zeros) == 0);
      }
    } else {
      for (String choice : word.split("\\|", -1)) {
        String[] range = choice.split("-", -1);
        values.set(
            Integer.parseInt(range[0], 16), Integer.parseInt(range[range.length - 1], 16) + 1);
      }
    }
    return values;
  }

  /// Whether the first bytes of a body match a pattern. They may be too few to know.
  private enum Match {
    NO,
    OPEN,
    YES
  }

  /// How many bits of evidence the pattern gives: random bytes match it with probability 2^−bits.
  double evidence() {
    return pattern.stream()
        .mapToDouble(values -> 8 - Math.log(values.cardinality()) / Math.log(2))
        .sum();
  }

  /// Refuses a body that is of one of these formats.
  ///
  /// @param head its first bytes, at most [#HEAD]
  /// @return whether it may still turn out to be one when more bytes have come
  /// @throws MistakenFormat if it is one
  public static boolean mayBeAny(byte[] head, int size) {
    boolean open = false;
    for (OtherFormat format : values()) {
      switch (format.match(head, size)) {
        case NO -> {}
        case OPEN -> open = true;
        case YES -> throw new MistakenFormat(format);
      }
    }
    return open;
  }

  private Match match(byte[] head, int size) {
    for (int i = 0; i < Math.min(size, pattern.size()); i++) {
      if (!pattern.get(i).get(Byte.toUnsignedInt(head[i]))) {
        return Match.NO;
      }
    }
    if (size < pattern.size()) {
      return Match.OPEN;
    }
    return this == ARROW_STREAM ? schema(head, size) : Match.YES;
  }

  /// Whether a message of Arrow is a schema. The mark and the length are not enough, because pairs
  /// of small integers can look the same. Behind them stands a flatbuffer. It tells the place of
  /// its root table, the table that of its vtable, and the vtable that of the type. The type of a
  /// schema is 1.
  private static Match schema(byte[] head, int size) {
    LittleEndian bytes = new LittleEndian(head, size);
    int table = 8 + bytes.number(8, 4);
    int vtable = table - bytes.number(table, 4);
    int length = bytes.number(vtable, 2);
    int type = bytes.number(table + bytes.number(vtable + 6, 2), 1);
    if (bytes.isOutside()) {
      return Match.NO;
    }
    if (bytes.isCutOff()) {
      return Match.OPEN;
    }
    return length >= 8 && length <= 14 && type == 1 ? Match.YES : Match.NO;
  }

  /// Numbers at places that are themselves numbers.
  private static final class LittleEndian {
    private final byte[] bytes;
    private final int size;
    private boolean outside;
    private boolean cutOff;

    LittleEndian(byte[] bytes, int size) {
      this.bytes = bytes;
      this.size = size;
    }

    int number(int at, int width) {
      if (cutOff || outside || at < 8 || at > HEAD - width) {
        outside |= !cutOff;
        return 0;
      }
      if (at + width > size) {
        cutOff = true;
        return 0;
      }
      int number = 0;
      for (int i = width - 1; i >= 0; i--) {
        number = number << Byte.SIZE | Byte.toUnsignedInt(bytes[at + i]);
      }
      return number;
    }

    boolean isOutside() {
      return outside;
    }

    boolean isCutOff() {
      return cutOff;
    }
  }

  /// A sentence that says what the body is and what to do.
  @Override
  public String toString() {
    return "The body is " + described + "; " + remedy + ".";
  }
}
