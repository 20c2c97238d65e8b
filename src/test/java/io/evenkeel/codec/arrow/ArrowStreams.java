package io.evenkeel.codec.arrow;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ObjIntConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/// Arrow streams as others write and read them: pyarrow's from the files that
/// `src/test/resources/arrow/streams.py` made, and those of Arrow's own Java reader and writer.
public final class ArrowStreams {
  private ArrowStreams() {}

  /// One of pyarrow's.
  public static byte[] python(String name) {
    try (InputStream file = ArrowStreams.class.getResourceAsStream("/arrow/" + name)) {
      return Objects.requireNonNull(file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A float64 column.
  public static Field float64(String name) {
    return Field.nullable(name, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));
  }

  /// A float32 column.
  public static Field float32(String name) {
    return Field.nullable(name, new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE));
  }

  /// A stream of numbers `[N × D]` in record batches of some rows, where NaN is written as null.
  public static byte[] of(List<Field> fields, int rowsPerBatch, double... values) {
    int rows = values.length / fields.size();
    int batches = (rows + rowsPerBatch - 1) / rowsPerBatch;
    return written(
        fields,
        batches,
        (root, batch) -> {
          int first = batch * rowsPerBatch;
          int count = Math.min(rowsPerBatch, rows - first);
          for (int k = 0; k < fields.size(); k++) {
            FieldVector vector = root.getVector(k);
            for (int i = 0; i < count; i++) {
              set(vector, i, values[(first + i) * fields.size() + k]);
            }
          }
          root.setRowCount(count);
        });
  }

  private static void set(FieldVector vector, int row, double x) {
    if (Double.isNaN(x)) {
      vector.setNull(row);
    } else if (vector instanceof Float8Vector doubles) {
      doubles.setSafe(row, x);
    } else {
      ((Float4Vector) vector).setSafe(row, (float) x);
    }
  }

  /// A stream of record batches that something fills.
  public static byte[] written(
      List<Field> fields, int batches, ObjIntConsumer<VectorSchemaRoot> filler) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields), allocator);
        ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
      writer.start();
      for (int batch = 0; batch < batches; batch++) {
        root.allocateNew();
        filler.accept(root, batch);
        writer.writeBatch();
      }
      writer.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// What Arrow's own reader makes of a stream.
  ///
  /// @param columns by name; null where null
  public record Content(
      List<Field> fields, int batches, Map<String, List<@Nullable Object>> columns) {

    /// A column in words.
    public String column(String name) {
      return String.valueOf(columns.get(name));
    }
  }

  /// Reads a stream.
  public static Content read(byte[] stream) {
    Map<String, List<@Nullable Object>> columns = new LinkedHashMap<>();
    int batches = 0;
    try (BufferAllocator allocator = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      List<Field> fields = root.getSchema().getFields();
      while (reader.loadNextBatch()) {
        batches++;
        for (FieldVector vector : root.getFieldVectors()) {
          List<@Nullable Object> values =
              columns.computeIfAbsent(vector.getName(), _ -> new ArrayList<>());
          for (int i = 0; i < root.getRowCount(); i++) {
            Object value = vector.getObject(i);
            values.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
          }
        }
      }
      return new Content(fields, batches, columns);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
