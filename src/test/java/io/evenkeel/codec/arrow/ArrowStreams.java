package io.evenkeel.codec.arrow;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ObjIntConsumer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.apache.arrow.vector.util.TransferPair;
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

  /// A stream without one of its messages, all of whose lengths are multiples of 8.
  static byte[] withoutMessage(byte[] stream, int index) {
    int[] range = message(stream, index);
    byte[] without = Arrays.copyOf(stream, stream.length - (range[1] - range[0]));
    System.arraycopy(stream, range[1], without, range[0], stream.length - range[1]);
    return without;
  }

  /// A stream that has one of its messages twice.
  public static byte[] withMessageTwice(byte[] stream, int index) {
    int[] range = message(stream, index);
    byte[] twice = Arrays.copyOf(stream, stream.length + range[1] - range[0]);
    System.arraycopy(stream, range[0], twice, range[1], stream.length - range[0]);
    return twice;
  }

  /// Where a message begins and ends.
  private static int[] message(byte[] stream, int index) {
    ByteBuffer bytes = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
    int from = 0;
    int to = 0;
    for (int i = 0; i <= index; i++) {
      from = to;
      int metadata = bytes.getInt(from + 4);
      Message message =
          Message.getRootAsMessage(bytes.slice(from + 8, metadata).order(ByteOrder.LITTLE_ENDIAN));
      to = from + 8 + metadata + (int) message.bodyLength();
    }
    return new int[] {from, to};
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
    return written(new Schema(fields), batches, filler);
  }

  /// A stream with notes in its schema.
  public static byte[] written(
      Schema schema, int batches, ObjIntConsumer<VectorSchemaRoot> filler) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
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
  /// @param notes the metadata of the schema
  /// @param columns by name; null where null; values that stand in a dictionary are looked up
  public record Content(
      List<Field> fields,
      Map<String, String> notes,
      int batches,
      Map<String, List<@Nullable Object>> columns) {

    /// A column in words.
    public String column(String name) {
      return String.valueOf(columns.get(name));
    }
  }

  /// Reads a stream.
  public static Content read(byte[] stream) {
    try (BufferAllocator allocator = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
      return read(reader, reader::loadNextBatch, allocator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a file by its footer.
  public static Content readFile(byte[] file) {
    try (BufferAllocator allocator = new RootAllocator();
        ArrowFileReader reader =
            new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(file), allocator)) {
      return read(reader, reader::loadNextBatch, allocator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Batches {
    boolean next() throws IOException;
  }

  private static Content read(ArrowReader reader, Batches source, BufferAllocator allocator)
      throws IOException {
    Map<String, List<@Nullable Object>> columns = new LinkedHashMap<>();
    int batches = 0;
    VectorSchemaRoot root = reader.getVectorSchemaRoot();
    List<Field> fields = root.getSchema().getFields();
    Map<String, String> notes = root.getSchema().getCustomMetadata();
    while (source.next()) {
      batches++;
      for (FieldVector vector : root.getFieldVectors()) {
        List<@Nullable Object> values =
            columns.computeIfAbsent(vector.getName(), _ -> new ArrayList<>());
        try (ValueVector decoded = decoded(vector, reader, allocator)) {
          for (int i = 0; i < root.getRowCount(); i++) {
            Object value = decoded.getObject(i);
            values.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
          }
        }
      }
    }
    return new Content(fields, notes, batches, columns);
  }

  /// The values themselves, if the vector holds indices into a dictionary.
  private static ValueVector decoded(
      FieldVector vector, ArrowReader reader, BufferAllocator allocator) throws IOException {
    DictionaryEncoding encoding = vector.getField().getDictionary();
    if (encoding == null) {
      TransferPair same = vector.getTransferPair(allocator);
      same.splitAndTransfer(0, vector.getValueCount());
      return same.getTo();
    }
    return DictionaryEncoder.decode(vector, reader.lookup(encoding.getId()), allocator);
  }
}
