package io.evenkeel.codec.npy;

import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.ArrivedArray;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// The header of an array in the `.npy` format.
///
/// | bytes  | meaning                                                                        |
/// |--------|--------------------------------------------------------------------------------|
/// | 6      | `93 NUMPY`                                                                     |
/// | 2      | version, major and minor: 1.0, 2.0 or 3.0                                      |
/// | 2 or 4 | h, the length of the header, little-endian; 2 bytes in version 1.0             |
/// | h      | a Python dictionary: `{'descr': '<f8', 'fortran_order': False, 'shape': (27, 3), }` |
///
/// Source: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
///
/// @param type of the numbers
/// @param order of their bytes
/// @param fortran whether the array is stored column after column instead of row after row
/// @param shape the length of each axis, never negative
public record NpyHeader(NumberType type, ByteOrder order, boolean fortran, List<Long> shape) {
  /// The first bytes of a file.
  static final byte[] MAGIC = "\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1);

  /// The numbers of a file begin at a multiple of this.
  private static final int ALIGNMENT = 64;

  private static final int FIXED = 10;

  /// The shape in Python's words: `(27, 3)`, `(27,)`.
  static String words(List<Long> shape) {
    return shape.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(", ", "(", shape.size() == 1 ? ",)" : ")"));
  }

  /// The header of an answer, little-endian and row after row, in version 1.0.
  ///
  /// @param whole whether this answer holds all rows of the body
  public static byte[] of(BatchAnswer answer, RowShape shape, boolean whole) {
    long rows = whole ? answer.rows() : shape.array().map(ArrivedArray::rows).orElseThrow();
    boolean flat = shape.array().map(ArrivedArray::flat).orElse(false);
    List<Long> axes = flat ? List.of(rows) : List.of(rows, (long) answer.features().size());
    String dictionary =
        "{'descr': '<f"
            + shape.numbers().width()
            + "', 'fortran_order': False, 'shape': "
            + words(axes)
            + ", }";
    int length = Math.ceilDiv(FIXED + dictionary.length() + 1, ALIGNMENT) * ALIGNMENT;
    byte[] header = new byte[length];
    System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
    header[MAGIC.length] = 1;
    header[FIXED - 2] = (byte) (length - FIXED);
    header[FIXED - 1] = (byte) ((length - FIXED) >> Byte.SIZE);
    byte[] text =
        (dictionary + " ".repeat(length - FIXED - dictionary.length() - 1) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, header, FIXED, text.length);
    return header;
  }
}
