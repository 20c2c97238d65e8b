package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.arrow.message.ArrowType;
import io.evenkeel.codec.number.ByteSink;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.TimeUnit;

/// Tells values of one type as JSON: numbers with all their digits, truth values, texts, and dates
/// and times by ISO 8601. NaN is null, as a missing value is; an infinite number is a text.
record ArrowValue(ArrowType type) {
  private static final long NANOS = 1_000_000_000;

  /// Whether the values of a column can be told.
  static boolean canBeTold(ArrowField field) {
    return field.dictionary().isEmpty()
        && switch (field.type()) {
          case ArrowType.Plain plain ->
              plain == ArrowType.Plain.NULL || plain == ArrowType.Plain.BOOL || plain.isText();
          case ArrowType.Int _,
              ArrowType.FloatingPoint _,
              ArrowType.Decimal _,
              ArrowType.Date _,
              ArrowType.Time _,
              ArrowType.Timestamp _ ->
              true;
          case ArrowType _ -> false;
        };
  }

  /// The value at an index.
  String json(ArrowArray array, int i) {
    if (type == ArrowType.Plain.NULL || array.isNull(i)) {
      return "null";
    }
    return switch (type) {
      case ArrowType.Plain plain ->
          plain == ArrowType.Plain.BOOL ? Boolean.toString(array.bit(i)) : quoted(array.text(i));
      case ArrowType.Int(int bits, boolean signed) -> whole(array.bytesOf(i), bits, signed);
      case ArrowType.FloatingPoint(int bits) -> floating(array.bytesOf(i), bits);
      case ArrowType.Decimal(_, int scale, _) ->
          new BigDecimal(integer(array.bytesOf(i)), scale).toPlainString();
      case ArrowType.Date(short unit) -> quoted(date(array.bytesOf(i), unit));
      case ArrowType.Time(short unit, int bits) -> {
        long time = bits == Integer.SIZE ? array.bytesOf(i).getInt() : array.bytesOf(i).getLong();
        yield quoted(
            LocalTime.ofNanoOfDay(Math.floorMod(nanos(time, unit), 86_400 * NANOS)).toString());
      }
      case ArrowType.Timestamp(short unit, Optional<String> zone) ->
          quoted(timestamp(array.bytesOf(i).getLong(), unit, zone.isPresent()));
      case ArrowType other -> throw new IllegalStateException(other.text());
    };
  }

  private static String quoted(String text) {
    return new String(new ByteSink().quoted(text).toBytes(), StandardCharsets.UTF_8);
  }

  private static String whole(ByteBuffer bytes, int bits, boolean signed) {
    return switch (bits) {
      case Byte.SIZE -> Integer.toString(signed ? bytes.get() : bytes.get() & 0xff);
      case Short.SIZE -> Integer.toString(signed ? bytes.getShort() : bytes.getShort() & 0xffff);
      case Integer.SIZE ->
          signed ? Integer.toString(bytes.getInt()) : Integer.toUnsignedString(bytes.getInt());
      default -> signed ? Long.toString(bytes.getLong()) : Long.toUnsignedString(bytes.getLong());
    };
  }

  private static String floating(ByteBuffer bytes, int bits) {
    if (bits == Double.SIZE) {
      double x = bytes.getDouble();
      return real(x, Double.toString(x));
    }
    float x = single(bytes, bits);
    return real(x, Float.toString(x));
  }

  private static float single(ByteBuffer bytes, int bits) {
    return bits == Float.SIZE ? bytes.getFloat() : Float.float16ToFloat(bytes.getShort());
  }

  private static String real(double x, String text) {
    return Double.isNaN(x) ? "null" : Double.isInfinite(x) ? quoted(text) : text;
  }

  /// Whether the value at an index is infinite.
  boolean isInfinite(ArrowArray array, int i) {
    if (!(type instanceof ArrowType.FloatingPoint(int bits)) || array.isNull(i)) {
      return false;
    }
    ByteBuffer bytes = array.bytesOf(i);
    return Double.isInfinite(bits == Double.SIZE ? bytes.getDouble() : single(bytes, bits));
  }

  private static BigInteger integer(ByteBuffer littleEndian) {
    byte[] bytes = new byte[littleEndian.remaining()];
    for (int k = bytes.length - 1; k >= 0; k--) {
      bytes[k] = littleEndian.get();
    }
    return new BigInteger(bytes);
  }

  private static String date(ByteBuffer bytes, short unit) {
    return unit == DateUnit.DAY
        ? LocalDate.ofEpochDay(bytes.getInt()).toString()
        : LocalDateTime.ofInstant(Instant.ofEpochMilli(bytes.getLong()), ZoneOffset.UTC)
            .toLocalDate()
            .toString();
  }

  private static String timestamp(long time, short unit, boolean zoned) {
    long each = NANOS / nanos(1, unit);
    Instant instant =
        Instant.ofEpochSecond(Math.floorDiv(time, each), nanos(Math.floorMod(time, each), unit));
    return zoned ? instant.toString() : LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
  }

  private static long nanos(long time, short unit) {
    return switch (unit) {
      case TimeUnit.SECOND -> time * NANOS;
      case TimeUnit.MILLISECOND -> time * 1_000_000;
      case TimeUnit.MICROSECOND -> time * 1_000;
      default -> time;
    };
  }
}
