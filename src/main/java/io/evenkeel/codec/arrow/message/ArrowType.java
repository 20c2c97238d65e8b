package io.evenkeel.codec.arrow.message;

import io.evenkeel.fault.Excerpt;
import java.util.Locale;
import java.util.Optional;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Type;

/// The type of a column with its parameters. A unit is the number that the format gives it. Source:
/// <https://github.com/apache/arrow/blob/main/format/Schema.fbs>.
public sealed interface ArrowType {

  /// The types without a parameter.
  enum Plain implements ArrowType {
    NULL(Type.Null),
    BOOL(Type.Bool),
    UTF8(Type.Utf8),
    BINARY(Type.Binary),
    LARGE_UTF8(Type.LargeUtf8),
    LARGE_BINARY(Type.LargeBinary),
    UTF8_VIEW(Type.Utf8View),
    BINARY_VIEW(Type.BinaryView),
    LIST(Type.List),
    LARGE_LIST(Type.LargeList),
    LIST_VIEW(Type.ListView),
    LARGE_LIST_VIEW(Type.LargeListView),
    STRUCT(Type.Struct_),
    RUN_END_ENCODED(Type.RunEndEncoded);

    private final byte id;

    Plain(byte id) {
      this.id = id;
    }

    /// Whether its values are lists of values of the one child.
    boolean isList() {
      return switch (this) {
        case LIST, LARGE_LIST, LIST_VIEW, LARGE_LIST_VIEW -> true;
        default -> false;
      };
    }

    /// Whether its values are texts.
    public boolean isText() {
      return switch (this) {
        case UTF8, LARGE_UTF8, UTF8_VIEW -> true;
        default -> false;
      };
    }
  }

  /// Whole numbers.
  record Int(int bits, boolean signed) implements ArrowType {}

  /// Numbers of 16, 32 or 64 bits (IEEE 754).
  record FloatingPoint(int bits) implements ArrowType {}

  /// Decimal numbers, each stored as a whole number of `bits` bits.
  record Decimal(int precision, int scale, int bits) implements ArrowType {}

  /// Dates.
  record Date(short unit) implements ArrowType {}

  /// Times of day.
  record Time(short unit, int bits) implements ArrowType {}

  /// Times since 1970, with a time zone or without.
  record Timestamp(short unit, Optional<String> zone) implements ArrowType {}

  /// Lengths of time.
  record Duration(short unit) implements ArrowType {}

  /// Lengths of time by the calendar.
  record Interval(short unit) implements ArrowType {}

  /// Values of this many bytes.
  record FixedSizeBinary(int bytes) implements ArrowType {}

  /// Lists of this many values of the child.
  record FixedSizeList(int size) implements ArrowType {}

  /// Lists of keys and values.
  record Map(boolean keysSorted) implements ArrowType {}

  /// Values of one type or another; a dense union has an offset for each.
  record Union(boolean dense) implements ArrowType {}

  /// The number that the format gives the type.
  default byte id() {
    return switch (this) {
      case Plain plain -> plain.id;
      case Int _ -> Type.Int;
      case FloatingPoint _ -> Type.FloatingPoint;
      case Decimal _ -> Type.Decimal;
      case Date _ -> Type.Date;
      case Time _ -> Type.Time;
      case Timestamp _ -> Type.Timestamp;
      case Duration _ -> Type.Duration;
      case Interval _ -> Type.Interval;
      case FixedSizeBinary _ -> Type.FixedSizeBinary;
      case FixedSizeList _ -> Type.FixedSizeList;
      case Map _ -> Type.Map;
      case Union _ -> Type.Union;
    };
  }

  /// The name that Arrow's documentation uses: `int64`, `large_utf8`, `timestamp[us, UTC]`.
  default String text() {
    return switch (this) {
      case Int(int bits, boolean signed) -> (signed ? "int" : "uint") + bits;
      case FloatingPoint(int bits) -> "float" + bits;
      case Decimal(int precision, int scale, int bits) ->
          "decimal" + bits + "(" + precision + ", " + scale + ")";
      case Date(short unit) -> unit == DateUnit.DAY ? "date32" : "date64";
      case Time(short unit, int bits) -> "time" + bits + unit(unit);
      case Timestamp(short unit, Optional<String> zone) ->
          "timestamp"
              + unit(unit).replace("]", zone.map(z -> ", " + Excerpt.of(z)).orElse("") + "]");
      case Duration(short unit) -> "duration" + unit(unit);
      case ArrowType type ->
          Type.name(type.id())
              .replace("_", "")
              .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
              .toLowerCase(Locale.ROOT);
    };
  }

  private static String unit(short unit) {
    return switch (unit) {
      case TimeUnit.SECOND -> "[s]";
      case TimeUnit.MILLISECOND -> "[ms]";
      case TimeUnit.MICROSECOND -> "[us]";
      default -> "[ns]";
    };
  }
}
