package io.evenkeel.codec.arrow;

import com.google.flatbuffers.FlatBufferBuilder;
import io.evenkeel.codec.arrow.ArrowArray.Node;
import io.evenkeel.codec.arrow.message.ArrowMessageWriter;
import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BatchAnswer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/// Makes one record batch, or the values of one dictionary: columns are added, then the message is
/// written. Each buffer begins at a multiple of 8 bytes.
final class ArrowBody {
  /// A buffer of a column: its length, and its writer, which overwrites zeros.
  private record Part(int length, Consumer<ByteBuffer> writer) {}

  private static final Part EMPTY = new Part(0, _ -> {});

  private final int rows;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final List<Integer> variadicCounts = new ArrayList<>();

  ArrowBody(int rows) {
    this.rows = rows;
  }

  /// Adds the values of a feature from a row of the answer on. A missing value is null; its place
  /// holds NaN for readers that do not look whether a value is null.
  ///
  /// @param type one of the floats
  void numbers(BatchAnswer answer, int feature, int firstRow, NumberType type) {
    int width = answer.features().size();
    numbers(new Run(answer, firstRow * width + feature, width, rows), type);
  }

  /// Adds the values of all features from a row of the answer on, as lists.
  ///
  /// @param offsetWidth how many bytes an offset has; 0 if the lists have none
  void lists(BatchAnswer answer, int firstRow, NumberType type, int offsetWidth) {
    int size = answer.features().size();
    nodes.add(new Node(rows, 0));
    parts.add(EMPTY);
    if (offsetWidth > 0) {
      parts.add(new Part((rows + 1) * offsetWidth, target -> offsets(target, size, offsetWidth)));
    }
    numbers(new Run(answer, firstRow * size, 1, rows * size), type);
  }

  private void offsets(ByteBuffer target, int size, int width) {
    for (int i = 0; i <= rows; i++) {
      if (width == Long.BYTES) {
        target.putLong(i * Long.BYTES, (long) i * size);
      } else {
        target.putInt(i * Integer.BYTES, i * size);
      }
    }
  }

  /// Some values of an answer, in equal distances.
  private record Run(BatchAnswer answer, int first, int distance, int count) {
    private double at(int i) {
      return answer.values()[first + i * distance];
    }
  }

  private void numbers(Run run, NumberType type) {
    int nulls = 0;
    for (int i = 0; i < run.count(); i++) {
      nulls += Double.isNaN(run.at(i)) ? 1 : 0;
    }
    nodes.add(new Node(run.count(), nulls));
    parts.add(
        nulls == 0
            ? EMPTY
            : new Part(Math.ceilDiv(run.count(), Byte.SIZE), target -> validity(run, target)));
    Consumer<ByteBuffer> writer =
        switch (type) {
          case FLOAT32 -> target -> floats(run, target);
          case FLOAT16 -> target -> halves(run, target);
          default -> target -> doubles(run, target);
        };
    parts.add(new Part(run.count() * type.width(), writer));
  }

  private static void validity(Run run, ByteBuffer target) {
    int valid = 0;
    for (int i = 0; i < run.count(); i++) {
      if (!Double.isNaN(run.at(i))) {
        valid |= 1 << (i & 7);
      }
      if ((i & 7) == 7 || i == run.count() - 1) {
        target.put(i >> 3, (byte) valid);
        valid = 0;
      }
    }
  }

  private static void halves(Run run, ByteBuffer target) {
    for (int i = 0; i < run.count(); i++) {
      target.putShort(i * Short.BYTES, NumberType.float16(run.at(i)));
    }
  }

  private static void floats(Run run, ByteBuffer target) {
    for (int i = 0; i < run.count(); i++) {
      target.putFloat(i * Float.BYTES, (float) run.at(i));
    }
  }

  private static void doubles(Run run, ByteBuffer target) {
    for (int i = 0; i < run.count(); i++) {
      target.putDouble(i * Double.BYTES, run.at(i));
    }
  }

  /// Adds a kept column.
  void array(ArrowArray array) {
    array.nodes().forEach(nodes::add);
    array.buffers().forEach(buffer -> parts.add(new Part(buffer.length, t -> t.put(buffer))));
    array.variadicCounts().forEach(variadicCounts::add);
  }

  /// How many bytes a message has before its body, and in it.
  record Lengths(int metadata, int body) {}

  /// Writes the message of a record batch.
  Lengths write(ByteSink out) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int length = length();
    return write(builder, MessageHeader.RecordBatch, table(builder, length), length, out);
  }

  /// Writes the message of a dictionary.
  Lengths writeDictionary(long id, boolean isDelta, ByteSink out) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int length = length();
    int header =
        DictionaryBatch.createDictionaryBatch(builder, id, table(builder, length), isDelta);
    return write(builder, MessageHeader.DictionaryBatch, header, length, out);
  }

  private int length() {
    int length = 0;
    for (Part part : parts) {
      length = Math.addExact(length, ArrowMessageWriter.aligned(part.length()));
    }
    return length;
  }

  private Lengths write(
      FlatBufferBuilder builder, byte kind, int header, int length, ByteSink out) {
    int metadata = ArrowMessageWriter.write(builder, kind, header, length, out);
    ByteBuffer body = out.zeros(length);
    int at = 0;
    for (Part part : parts) {
      part.writer().accept(body.slice(at, part.length()).order(body.order()));
      at += ArrowMessageWriter.aligned(part.length());
    }
    return new Lengths(metadata, length);
  }

  /// Writes the metadata of the columns. A flatbuffer is written from its end.
  private int table(FlatBufferBuilder builder, int length) {
    RecordBatch.startNodesVector(builder, nodes.size());
    for (Node node : nodes.reversed()) {
      FieldNode.createFieldNode(builder, node.length(), node.nulls());
    }
    int nodeVector = builder.endVector();
    RecordBatch.startBuffersVector(builder, parts.size());
    int end = length;
    for (Part part : parts.reversed()) {
      end -= ArrowMessageWriter.aligned(part.length());
      Buffer.createBuffer(builder, end, part.length());
    }
    int bufferVector = builder.endVector();
    int countVector =
        variadicCounts.isEmpty()
            ? 0
            : RecordBatch.createVariadicBufferCountsVector(
                builder, variadicCounts.stream().mapToLong(Integer::longValue).toArray());
    RecordBatch.startRecordBatch(builder);
    RecordBatch.addLength(builder, rows);
    RecordBatch.addNodes(builder, nodeVector);
    RecordBatch.addBuffers(builder, bufferVector);
    if (countVector != 0) {
      RecordBatch.addVariadicBufferCounts(builder, countVector);
    }
    return RecordBatch.endRecordBatch(builder);
  }
}
