package io.evenkeel.codec.arrow;

import com.google.flatbuffers.FlatBufferBuilder;
import io.evenkeel.codec.arrow.ArrowArray.Node;
import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.BatchAnswer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/// Makes one record batch: columns are added, then the message is written. Each buffer begins at a
/// multiple of 8 bytes.
final class ArrowBody {
  /// A buffer of a column: its length, and its writer, which overwrites zeros.
  private record Part(int length, Consumer<ByteBuffer> writer) {}

  private static final Part EMPTY = new Part(0, _ -> {});

  private final int rows;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();

  ArrowBody(int rows) {
    this.rows = rows;
  }

  /// Adds the values of a feature from a row of the answer on. A missing value is null; its place
  /// holds NaN for readers that do not look whether a value is null.
  void numbers(BatchAnswer answer, int feature, int firstRow, boolean float32) {
    int nulls = 0;
    for (int i = 0; i < rows; i++) {
      nulls += Double.isNaN(answer.value(firstRow + i, feature)) ? 1 : 0;
    }
    nodes.add(new Node(rows, nulls));
    parts.add(
        nulls == 0
            ? EMPTY
            : new Part(
                Math.ceilDiv(rows, Byte.SIZE),
                target -> validity(answer, feature, firstRow, target)));
    parts.add(
        float32
            ? new Part(rows * Float.BYTES, target -> floats(answer, feature, firstRow, target))
            : new Part(rows * Double.BYTES, target -> doubles(answer, feature, firstRow, target)));
  }

  private void validity(BatchAnswer answer, int feature, int firstRow, ByteBuffer target) {
    int valid = 0;
    for (int i = 0; i < rows; i++) {
      if (!Double.isNaN(answer.value(firstRow + i, feature))) {
        valid |= 1 << (i & 7);
      }
      if ((i & 7) == 7 || i == rows - 1) {
        target.put(i >> 3, (byte) valid);
        valid = 0;
      }
    }
  }

  private void floats(BatchAnswer answer, int feature, int firstRow, ByteBuffer target) {
    for (int i = 0; i < rows; i++) {
      target.putFloat(i * Float.BYTES, (float) answer.value(firstRow + i, feature));
    }
  }

  private void doubles(BatchAnswer answer, int feature, int firstRow, ByteBuffer target) {
    for (int i = 0; i < rows; i++) {
      target.putDouble(i * Double.BYTES, answer.value(firstRow + i, feature));
    }
  }

  /// Adds a kept column.
  void array(ArrowArray array) {
    array.nodes().forEach(nodes::add);
    array.buffers().forEach(buffer -> parts.add(new Part(buffer.length, t -> t.put(buffer))));
  }

  /// Writes the message.
  void write(ByteSink out) {
    int length = 0;
    for (Part part : parts) {
      length = Math.addExact(length, ArrowMessages.aligned(part.length()));
    }
    FlatBufferBuilder builder = new FlatBufferBuilder();
    ArrowMessages.write(builder, MessageHeader.RecordBatch, table(builder, length), length, out);
    ByteBuffer body = out.zeros(length);
    int at = 0;
    for (Part part : parts) {
      part.writer().accept(body.slice(at, part.length()).order(body.order()));
      at += ArrowMessages.aligned(part.length());
    }
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
      end -= ArrowMessages.aligned(part.length());
      Buffer.createBuffer(builder, end, part.length());
    }
    int bufferVector = builder.endVector();
    RecordBatch.startRecordBatch(builder);
    RecordBatch.addLength(builder, rows);
    RecordBatch.addNodes(builder, nodeVector);
    RecordBatch.addBuffers(builder, bufferVector);
    return RecordBatch.endRecordBatch(builder);
  }
}
