package io.evenkeel.codec.arrow;

import io.evenkeel.codec.rows.RowShape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Union;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/// Reads the fields that a schema message tells of. Its tables refer to each other by offsets, so
/// that a few bytes can tell of endlessly many fields, or name each of them by the same megabytes:
/// what is read is therefore counted, and may not be more than what was sent.
final class ArrowFields {
  private static final int DEEPEST = 64;
  private static final int REFERENCE = Integer.BYTES;

  private final ArrowMessage message;
  private long unread;

  private ArrowFields(ArrowMessage message) {
    this.message = message;
    // twice: a writer may let equal names share their bytes
    this.unread = 2L * message.metadataLength();
  }

  /// The fields of a schema message.
  ///
  /// @throws UnreadableBody if it is none
  static List<Field> of(ArrowMessage message) {
    return message.read(() -> new ArrowFields(message).fields());
  }

  private List<Field> fields() {
    if (!(message.metadata().header(new Schema()) instanceof Schema schema)) {
      throw message.fail("A schema message has no schema.");
    }
    if (schema.endianness() != Endianness.Little) {
      throw message.fail("The numbers are big-endian; send little-endian ones.");
    }
    int count = schema.fieldsLength();
    if (count > RowShape.MOST_COLUMNS) {
      throw message.fail("A stream must not have more than " + RowShape.MOST_COLUMNS + " columns.");
    }
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(field(schema.fields(i), 0));
    }
    return fields;
  }

  private Field field(org.apache.arrow.flatbuf.Field field, int depth) {
    if (depth > DEEPEST) {
      throw message.fail("The types of a schema are nested too deeply.");
    }
    read(REFERENCE);
    readText(field.nameAsByteBuffer());
    String name = field.name();
    List<Field> children = new ArrayList<>();
    for (int i = 0; i < field.childrenLength(); i++) {
      children.add(field(field.children(i), depth + 1));
    }
    FieldType type = new FieldType(field.nullable(), type(field), encoding(field), notes(field));
    return new Field(name == null ? "" : name, type, children);
  }

  private ArrowType type(org.apache.arrow.flatbuf.Field field) {
    if (field.type(new Timestamp()) instanceof Timestamp timestamp
        && field.typeType() == Type.Timestamp) {
      readText(timestamp.timezoneAsByteBuffer());
    }
    if (field.type(new Union()) instanceof Union union && field.typeType() == Type.Union) {
      read((long) REFERENCE * union.typeIdsLength());
    }
    return ArrowType.getTypeForField(field);
  }

  /// That there is one matters, not which.
  private static @Nullable DictionaryEncoding encoding(org.apache.arrow.flatbuf.Field field) {
    return field.dictionary() == null ? null : new DictionaryEncoding(0, false, null);
  }

  private Map<String, String> notes(org.apache.arrow.flatbuf.Field field) {
    Map<String, String> notes = new LinkedHashMap<>();
    for (int i = 0; i < field.customMetadataLength(); i++) {
      read(REFERENCE);
      KeyValue note = field.customMetadata(i);
      readText(note.keyAsByteBuffer());
      readText(note.valueAsByteBuffer());
      notes.put(orEmpty(note.key()), orEmpty(note.value()));
    }
    return notes;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /// Counts a text, which lies within the metadata if this view of it could be made.
  private void readText(@Nullable ByteBuffer text) {
    read(text == null ? 0 : text.remaining());
  }

  private void read(long bytes) {
    unread -= bytes;
    if (bytes < 0 || unread < 0) {
      throw message.fail("A schema refers to the same bytes again and again.");
    }
  }
}
