package io.evenkeel.codec.arrow.message;

import com.google.flatbuffers.Table;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.UnreadableBody;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.DictionaryEncoding;
import org.apache.arrow.flatbuf.Duration;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Interval;
import org.apache.arrow.flatbuf.IntervalUnit;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Union;
import org.apache.arrow.flatbuf.UnionMode;
import org.jspecify.annotations.Nullable;

/// Reads the fields of a schema message. Its tables refer to each other by offsets, so a few bytes
/// can claim endlessly many fields, or give all of them the same name of megabytes. Therefore the
/// reader counts the bytes it reads; they must not be more than the message has.
public final class ArrowFields {
  private static final int DEEPEST = 64;
  private static final int REFERENCE = Integer.BYTES;

  private final Function<String, UnreadableBody> refusal;
  private long unread;

  private ArrowFields(int length, Function<String, UnreadableBody> refusal) {
    this.refusal = refusal;
    // twice: a writer may let equal names share their bytes
    this.unread = 2L * length;
  }

  /// The fields of a schema message, and its notes.
  ///
  /// @throws UnreadableBody if the message is no valid schema
  public static ArrowSchema of(ArrowMessage message) {
    return message.read(() -> {
      if (!(message.metadata().header(new Schema()) instanceof Schema schema)) {
        throw message.fail("A schema message has no schema.");
      }
      return new ArrowFields(message.metadataLength(), message::fail).schema(schema);
    });
  }

  /// The fields and notes of the schema in a footer, whose offsets may lead anywhere.
  ///
  /// @param length of the footer, or more
  static ArrowSchema of(Footer footer, int length, Function<String, UnreadableBody> refusal) {
    Schema schema = footer.schema();
    if (schema == null) {
      throw refusal.apply("The footer of the Arrow file has no schema.");
    }
    return new ArrowFields(length, refusal).schema(schema);
  }

  private ArrowSchema schema(Schema schema) {
    if (schema.endianness() != Endianness.Little) {
      throw refusal.apply("The numbers are big-endian; they must be little-endian.");
    }
    int count = schema.fieldsLength();
    if (count > RowShape.MOST_COLUMNS) {
      throw refusal.apply("The schema has more than " + RowShape.MOST_COLUMNS + " columns.");
    }
    List<ArrowField> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(field(schema.fields(i), 0));
    }
    return new ArrowSchema(
        fields, notes(schema.customMetadataLength(), i -> schema.customMetadata(i)));
  }

  private ArrowField field(Field field, int depth) {
    if (depth > DEEPEST) {
      throw refusal.apply("The types of a schema are nested too deeply.");
    }
    read(REFERENCE);
    readText(field.nameAsByteBuffer());
    List<ArrowField> children = new ArrayList<>();
    for (int i = 0; i < field.childrenLength(); i++) {
      children.add(field(field.children(i), depth + 1));
    }
    return new ArrowField(
        orEmpty(field.name()),
        field.nullable(),
        type(field),
        dictionary(field),
        children,
        notes(field.customMetadataLength(), i -> field.customMetadata(i)));
  }

  /// The indices of a dictionary are of 32 bits if their type is not told.
  private static Optional<ArrowField.Dictionary> dictionary(Field field) {
    DictionaryEncoding encoding = field.dictionary();
    if (encoding == null) {
      return Optional.empty();
    }
    Int indices = encoding.indexType();
    ArrowType.Int type =
        indices == null
            ? new ArrowType.Int(Integer.SIZE, true)
            : new ArrowType.Int(indices.bitWidth(), indices.isSigned());
    return Optional.of(new ArrowField.Dictionary(encoding.id(), type, encoding.isOrdered()));
  }

  private ArrowType type(Field field) {
    return switch (field.typeType()) {
      case Type.Int -> {
        Int type = details(field, new Int());
        yield new ArrowType.Int(type.bitWidth(), type.isSigned());
      }
      case Type.FloatingPoint -> {
        short precision = details(field, new FloatingPoint()).precision();
        yield new ArrowType.FloatingPoint(Short.SIZE << known(precision, Precision.names));
      }
      case Type.Decimal -> {
        Decimal type = details(field, new Decimal());
        yield new ArrowType.Decimal(type.precision(), type.scale(), type.bitWidth());
      }
      case Type.Date ->
          new ArrowType.Date(known(details(field, new Date()).unit(), DateUnit.names));
      case Type.Time -> {
        Time type = details(field, new Time());
        yield new ArrowType.Time(known(type.unit(), TimeUnit.names), type.bitWidth());
      }
      case Type.Timestamp -> {
        Timestamp type = details(field, new Timestamp());
        readText(type.timezoneAsByteBuffer());
        short unit = known(type.unit(), TimeUnit.names);
        yield new ArrowType.Timestamp(unit, Optional.ofNullable(type.timezone()));
      }
      case Type.Duration ->
          new ArrowType.Duration(known(details(field, new Duration()).unit(), TimeUnit.names));
      case Type.Interval ->
          new ArrowType.Interval(known(details(field, new Interval()).unit(), IntervalUnit.names));
      case Type.FixedSizeBinary ->
          new ArrowType.FixedSizeBinary(details(field, new FixedSizeBinary()).byteWidth());
      case Type.FixedSizeList ->
          new ArrowType.FixedSizeList(details(field, new FixedSizeList()).listSize());
      case Type.Map ->
          new ArrowType.Map(details(field, new org.apache.arrow.flatbuf.Map()).keysSorted());
      case Type.Union -> {
        short mode = known(details(field, new Union()).mode(), UnionMode.names);
        yield new ArrowType.Union(mode == UnionMode.Dense);
      }
      default -> plain(field.typeType());
    };
  }

  /// The details of the type of a field.
  private <T extends Table> T details(Field field, T table) {
    if (field.type(table) == null) {
      throw refusal.apply("A column has a type without its details.");
    }
    return table;
  }

  /// The constant of an enumeration of the format, if it has one with this number.
  private short known(short number, String[] names) {
    if (number < 0 || number >= names.length) {
      throw refusal.apply("A column has a type that the format does not know.");
    }
    return number;
  }

  private ArrowType plain(byte id) {
    return Arrays.stream(ArrowType.Plain.values())
        .filter(type -> type.id() == id)
        .findFirst()
        .orElseThrow(() -> refusal.apply("A column has a type that the format does not know."));
  }

  private Map<String, String> notes(int count, IntFunction<KeyValue> source) {
    Map<String, String> notes = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      read(REFERENCE);
      KeyValue note = source.apply(i);
      readText(note.keyAsByteBuffer());
      readText(note.valueAsByteBuffer());
      notes.put(orEmpty(note.key()), orEmpty(note.value()));
    }
    return notes;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /// Counts a text. It lies inside the metadata, otherwise there would be no view of it.
  private void readText(@Nullable ByteBuffer text) {
    read(text == null ? 0 : text.remaining());
  }

  private void read(long bytes) {
    unread -= bytes;
    if (bytes < 0 || unread < 0) {
      throw refusal.apply("A schema refers to the same bytes again and again.");
    }
  }
}
