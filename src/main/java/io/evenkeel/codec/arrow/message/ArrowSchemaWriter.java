package io.evenkeel.codec.arrow.message;

import com.google.flatbuffers.FlatBufferBuilder;
import io.evenkeel.codec.number.ByteSink;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.DictionaryEncoding;
import org.apache.arrow.flatbuf.Duration;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Interval;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.Timestamp;

/// Writes schemas: the message that begins a stream, and the table in the footer of a file. As in
/// every flatbuffer, a table is written after everything it refers to.
public final class ArrowSchemaWriter {
  private final FlatBufferBuilder builder;

  private ArrowSchemaWriter(FlatBufferBuilder builder) {
    this.builder = builder;
  }

  /// Writes the message of a schema.
  public static void write(ArrowSchema schema, ByteSink out) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    ArrowMessageWriter.write(builder, MessageHeader.Schema, table(builder, schema), 0, out);
  }

  /// Puts a schema into a flatbuffer.
  static int table(FlatBufferBuilder builder, ArrowSchema schema) {
    return new ArrowSchemaWriter(builder).table(schema);
  }

  private int table(ArrowSchema schema) {
    int fields = Schema.createFieldsVector(builder, fields(schema.fields()));
    int notes =
        schema.notes().isEmpty()
            ? 0
            : Schema.createCustomMetadataVector(builder, notes(schema.notes()));
    Schema.startSchema(builder);
    Schema.addEndianness(builder, Endianness.Little);
    Schema.addFields(builder, fields);
    if (notes != 0) {
      Schema.addCustomMetadata(builder, notes);
    }
    return Schema.endSchema(builder);
  }

  private int[] fields(List<ArrowField> fields) {
    return fields.stream().mapToInt(this::field).toArray();
  }

  private int field(ArrowField field) {
    int name = builder.createString(field.name());
    int type = type(field.type());
    int children = Field.createChildrenVector(builder, fields(field.children()));
    int notes =
        field.notes().isEmpty()
            ? 0
            : Field.createCustomMetadataVector(builder, notes(field.notes()));
    int dictionary = field.dictionary().map(this::dictionary).orElse(0);
    Field.startField(builder);
    Field.addName(builder, name);
    Field.addNullable(builder, field.nullable());
    Field.addTypeType(builder, field.type().id());
    Field.addType(builder, type);
    Field.addChildren(builder, children);
    if (notes != 0) {
      Field.addCustomMetadata(builder, notes);
    }
    if (dictionary != 0) {
      Field.addDictionary(builder, dictionary);
    }
    return Field.endField(builder);
  }

  private int dictionary(ArrowField.Dictionary dictionary) {
    int indices =
        Int.createInt(builder, dictionary.indices().bits(), dictionary.indices().signed());
    DictionaryEncoding.startDictionaryEncoding(builder);
    DictionaryEncoding.addId(builder, dictionary.id());
    DictionaryEncoding.addIndexType(builder, indices);
    DictionaryEncoding.addIsOrdered(builder, dictionary.ordered());
    return DictionaryEncoding.endDictionaryEncoding(builder);
  }

  private int[] notes(Map<String, String> notes) {
    return notes.entrySet().stream()
        .mapToInt(note -> {
          int key = builder.createString(note.getKey());
          int value = builder.createString(note.getValue());
          return KeyValue.createKeyValue(builder, key, value);
        })
        .toArray();
  }

  private int type(ArrowType type) {
    return switch (type) {
      case ArrowType.Plain _ -> empty();
      case ArrowType.Int t -> Int.createInt(builder, t.bits(), t.signed());
      case ArrowType.FloatingPoint t ->
          FloatingPoint.createFloatingPoint(builder, precision(t.bits()));
      case ArrowType.Decimal t ->
          Decimal.createDecimal(builder, t.precision(), t.scale(), t.bits());
      case ArrowType.Date t -> Date.createDate(builder, t.unit());
      case ArrowType.Time t -> Time.createTime(builder, t.unit(), t.bits());
      case ArrowType.Timestamp t -> {
        int zone = t.zone().map(builder::createString).orElse(0);
        yield Timestamp.createTimestamp(builder, t.unit(), zone);
      }
      case ArrowType.Duration t -> Duration.createDuration(builder, t.unit());
      case ArrowType.Interval t -> Interval.createInterval(builder, t.unit());
      case ArrowType.FixedSizeBinary t -> FixedSizeBinary.createFixedSizeBinary(builder, t.bytes());
      case ArrowType.FixedSizeList t -> FixedSizeList.createFixedSizeList(builder, t.size());
      case ArrowType.Map t -> org.apache.arrow.flatbuf.Map.createMap(builder, t.keysSorted());
      case ArrowType.Union _ -> throw new IllegalStateException("no union is written");
    };
  }

  /// A table without members.
  private int empty() {
    builder.startTable(0);
    return builder.endTable();
  }

  private static short precision(int bits) {
    return switch (bits) {
      case Short.SIZE -> Precision.HALF;
      case Float.SIZE -> Precision.SINGLE;
      case Double.SIZE -> Precision.DOUBLE;
      default -> throw new IllegalArgumentException("no such type");
    };
  }
}
