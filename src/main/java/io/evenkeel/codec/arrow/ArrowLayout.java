package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowBuffers;
import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.arrow.message.ArrowType;
import java.util.List;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.IntervalUnit;
import org.apache.arrow.flatbuf.MetadataVersion;

/// How the values of a column lie in a record batch: one node for the column, then its buffers,
/// then its children in the same way. Source:
/// <https://arrow.apache.org/docs/format/Columnar.html#recordbatch-message>.
///
/// @param width a number whose meaning depends on the kind
record ArrowLayout(Kind kind, int width, List<ArrowLayout> children) {

  /// The kinds of layout.
  enum Kind {
    /// No buffer: every value is null.
    NULL,
    /// Validity; values of `width` bits.
    FIXED,
    /// Validity; offsets of `width` bytes; bytes.
    VARIABLE,
    /// The same with texts in UTF-8.
    TEXT,
    /// Validity; offsets of `width` bytes into the child.
    LIST,
    /// Validity; `width` values of the child for each list.
    FIXED_LIST,
    /// Validity; children of the same length.
    STRUCT,
    /// Validity; views of 16 bytes; as many buffers of bytes as the record batch says.
    VIEW,
    /// The same with texts in UTF-8.
    TEXT_VIEW,
    /// `width` buffers that are passed over.
    OTHER
  }

  /// The layout of a field.
  ///
  /// @param version of the metadata
  /// @throws IllegalArgumentException if the type is unknown
  static ArrowLayout of(ArrowField field, short version) {
    if (field.dictionary().isPresent()) {
      return fixed(field.dictionary().get().indices().bits(), List.of()).sound();
    }
    List<ArrowLayout> children =
        field.children().stream().map(child -> of(child, version)).toList();
    return of(field.type(), children, version).sound();
  }

  private ArrowLayout sound() {
    boolean fits =
        switch (kind) {
          case NULL, VARIABLE, TEXT, VIEW, TEXT_VIEW -> children.isEmpty();
          case FIXED -> children.isEmpty() && (width == 1 || width % Byte.SIZE == 0) && width >= 0;
          case LIST, FIXED_LIST -> children.size() == 1 && width >= 0;
          case STRUCT, OTHER -> true;
        };
    if (!fits) {
      throw new IllegalArgumentException("no such type");
    }
    return this;
  }

  private static ArrowLayout of(ArrowType type, List<ArrowLayout> children, short version) {
    return switch (type) {
      case ArrowType.Plain plain -> of(plain, children);
      case ArrowType.Map _ -> new ArrowLayout(Kind.LIST, Integer.BYTES, children);
      case ArrowType.FixedSizeList t -> new ArrowLayout(Kind.FIXED_LIST, t.size(), children);
      case ArrowType.Union t -> new ArrowLayout(Kind.OTHER, buffersOf(t, version), children);
      case ArrowType.Int t -> fixed(t.bits(), children);
      case ArrowType.FloatingPoint t -> fixed(t.bits(), children);
      case ArrowType.Decimal t -> fixed(t.bits(), children);
      case ArrowType.Time t -> fixed(t.bits(), children);
      case ArrowType.Date t -> fixed(t.unit() == DateUnit.DAY ? 32 : 64, children);
      case ArrowType.Timestamp _, ArrowType.Duration _ -> fixed(64, children);
      case ArrowType.Interval t -> fixed(bitsOf(t), children);
      case ArrowType.FixedSizeBinary t -> fixed(Math.multiplyExact(t.bytes(), Byte.SIZE), children);
    };
  }

  private static ArrowLayout of(ArrowType.Plain type, List<ArrowLayout> children) {
    return switch (type) {
      case NULL -> new ArrowLayout(Kind.NULL, 0, children);
      case BOOL -> fixed(1, children);
      case UTF8 -> new ArrowLayout(Kind.TEXT, Integer.BYTES, children);
      case LARGE_UTF8 -> new ArrowLayout(Kind.TEXT, Long.BYTES, children);
      case BINARY -> new ArrowLayout(Kind.VARIABLE, Integer.BYTES, children);
      case LARGE_BINARY -> new ArrowLayout(Kind.VARIABLE, Long.BYTES, children);
      case LIST -> new ArrowLayout(Kind.LIST, Integer.BYTES, children);
      case LARGE_LIST -> new ArrowLayout(Kind.LIST, Long.BYTES, children);
      case STRUCT -> new ArrowLayout(Kind.STRUCT, 0, children);
      case RUN_END_ENCODED -> new ArrowLayout(Kind.OTHER, 0, children);
      case LIST_VIEW, LARGE_LIST_VIEW -> new ArrowLayout(Kind.OTHER, 3, children);
      case UTF8_VIEW -> new ArrowLayout(Kind.TEXT_VIEW, 2, children);
      case BINARY_VIEW -> new ArrowLayout(Kind.VIEW, 2, children);
    };
  }

  private static ArrowLayout fixed(int bits, List<ArrowLayout> children) {
    return new ArrowLayout(Kind.FIXED, bits, children);
  }

  /// The buffers of a union: its types, offsets if it is dense, and validity before V5.
  private static int buffersOf(ArrowType.Union union, short version) {
    return (version < MetadataVersion.V5 ? 1 : 0) + (union.dense() ? 2 : 1);
  }

  private static int bitsOf(ArrowType.Interval interval) {
    return switch (interval.unit()) {
      case IntervalUnit.YEAR_MONTH -> 32;
      case IntervalUnit.DAY_TIME -> 64;
      case IntervalUnit.MONTH_DAY_NANO -> 128;
      default -> throw new IllegalArgumentException("no such type");
    };
  }

  /// Whether an [ArrowArray] can hold such a column.
  boolean canBeKept() {
    return kind != Kind.OTHER && children.stream().allMatch(ArrowLayout::canBeKept);
  }

  /// Whether the column or a child of it holds texts.
  boolean hasTexts() {
    return kind == Kind.TEXT
        || kind == Kind.TEXT_VIEW
        || children.stream().anyMatch(ArrowLayout::hasTexts);
  }

  /// Passes over a column of this layout.
  void passOver(ArrowBuffers buffers) {
    buffers.nextNode();
    boolean views = kind == Kind.VIEW || kind == Kind.TEXT_VIEW;
    long more = views ? buffers.nextVariadicCount() : 0;
    for (long i = 0; i < buffersOf() + more; i++) {
      buffers.passBuffer();
    }
    children.forEach(child -> child.passOver(buffers));
  }

  private int buffersOf() {
    return switch (kind) {
      case NULL -> 0;
      case FIXED, LIST -> 2;
      case VARIABLE, TEXT -> 3;
      case FIXED_LIST, STRUCT -> 1;
      case OTHER, VIEW, TEXT_VIEW -> width;
    };
  }
}
