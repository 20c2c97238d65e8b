package io.evenkeel.codec.arrow;

import java.util.List;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/// How the values of a column lie in the buffers of a record batch: by type, in the order of the
/// format, one node for the column, then its buffers, then its children in the same way. Source:
/// <https://arrow.apache.org/docs/format/Columnar.html#recordbatch-message>.
///
/// @param width what the kind says
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
    /// `width` buffers, to be passed over.
    OTHER,
    /// `width` buffers and as many more as the record batch says, to be passed over.
    VIEW
  }

  /// The layout of a field.
  ///
  /// @param version of the metadata
  /// @throws IllegalArgumentException if there is no such type
  static ArrowLayout of(Field field, short version) {
    if (field.getDictionary() != null) {
      return new ArrowLayout(Kind.OTHER, 2, List.of());
    }
    List<ArrowLayout> children =
        field.getChildren().stream().map(child -> of(child, version)).toList();
    ArrowLayout layout = of(field.getType(), children, version);
    boolean fits =
        switch (layout.kind) {
          case NULL, VARIABLE, TEXT, VIEW -> children.isEmpty();
          case FIXED ->
              children.isEmpty()
                  && (layout.width == 1 || layout.width % Byte.SIZE == 0)
                  && layout.width >= 0;
          case LIST, FIXED_LIST -> children.size() == 1 && layout.width >= 0;
          case STRUCT, OTHER -> true;
        };
    if (!fits) {
      throw new IllegalArgumentException("no such type");
    }
    return layout;
  }

  private static ArrowLayout of(ArrowType type, List<ArrowLayout> children, short version) {
    return switch (type) {
      case ArrowType.Null _ -> new ArrowLayout(Kind.NULL, 0, children);
      case ArrowType.Utf8 _ -> new ArrowLayout(Kind.TEXT, Integer.BYTES, children);
      case ArrowType.LargeUtf8 _ -> new ArrowLayout(Kind.TEXT, Long.BYTES, children);
      case ArrowType.Binary _ -> new ArrowLayout(Kind.VARIABLE, Integer.BYTES, children);
      case ArrowType.LargeBinary _ -> new ArrowLayout(Kind.VARIABLE, Long.BYTES, children);
      case ArrowType.List _, ArrowType.Map _ -> new ArrowLayout(Kind.LIST, Integer.BYTES, children);
      case ArrowType.LargeList _ -> new ArrowLayout(Kind.LIST, Long.BYTES, children);
      case ArrowType.FixedSizeList t -> new ArrowLayout(Kind.FIXED_LIST, t.getListSize(), children);
      case ArrowType.Struct _ -> new ArrowLayout(Kind.STRUCT, 0, children);
      case ArrowType.Union t -> new ArrowLayout(Kind.OTHER, buffersOf(t, version), children);
      case ArrowType.RunEndEncoded _ -> new ArrowLayout(Kind.OTHER, 0, children);
      case ArrowType.ListView _, ArrowType.LargeListView _ ->
          new ArrowLayout(Kind.OTHER, 3, children);
      case ArrowType.Utf8View _, ArrowType.BinaryView _ -> new ArrowLayout(Kind.VIEW, 2, children);
      default -> new ArrowLayout(Kind.FIXED, bitsOf(type), children);
    };
  }

  /// Types, and offsets where dense; before V5 also validity.
  private static int buffersOf(ArrowType.Union union, short version) {
    return (version < MetadataVersion.V5 ? 1 : 0) + (union.getMode() == UnionMode.Dense ? 2 : 1);
  }

  private static int bitsOf(ArrowType type) {
    return switch (type) {
      case ArrowType.Bool _ -> 1;
      case ArrowType.Int t -> t.getBitWidth();
      case ArrowType.FloatingPoint t -> bitsOf(t.getPrecision());
      case ArrowType.Decimal t -> t.getBitWidth();
      case ArrowType.Date t -> t.getUnit() == DateUnit.DAY ? 32 : 64;
      case ArrowType.Time t -> t.getBitWidth();
      case ArrowType.Timestamp _, ArrowType.Duration _ -> 64;
      case ArrowType.Interval t ->
          switch (t.getUnit()) {
            case YEAR_MONTH -> 32;
            case DAY_TIME -> 64;
            case MONTH_DAY_NANO -> 128;
          };
      case ArrowType.FixedSizeBinary t -> Math.multiplyExact(t.getByteWidth(), Byte.SIZE);
      default -> throw new IllegalArgumentException("no such type");
    };
  }

  private static int bitsOf(FloatingPointPrecision precision) {
    return switch (precision) {
      case HALF -> 16;
      case SINGLE -> 32;
      case DOUBLE -> 64;
    };
  }

  /// Whether an [ArrowArray] can hold such a column.
  boolean canBeKept() {
    return kind != Kind.OTHER
        && kind != Kind.VIEW
        && children.stream().allMatch(ArrowLayout::canBeKept);
  }

  /// Whether it has texts, or has children that do.
  boolean hasTexts() {
    return kind == Kind.TEXT || children.stream().anyMatch(ArrowLayout::hasTexts);
  }

  /// Passes such a column over.
  void passOver(ArrowBuffers buffers) {
    buffers.nextNode();
    long more = kind == Kind.VIEW ? buffers.nextVariadicCount() : 0;
    for (long i = 0; i < buffersOf() + more; i++) {
      buffers.nextBuffer();
    }
    children.forEach(child -> child.passOver(buffers));
  }

  private int buffersOf() {
    return switch (kind) {
      case NULL -> 0;
      case FIXED, LIST -> 2;
      case VARIABLE, TEXT -> 3;
      case FIXED_LIST, STRUCT -> 1;
      case OTHER, VIEW -> width;
    };
  }
}
