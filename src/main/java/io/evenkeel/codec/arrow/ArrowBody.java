package io.evenkeel.codec.arrow;

import io.evenkeel.codec.rows.BatchAnswer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/// The columns of one record batch, laid out one behind the other in memory outside of the heap, to
/// be given back when they are written.
final class ArrowBody implements AutoCloseable {
  private static final int ALIGNMENT = 8;

  private final int rows;
  private final ArrowBuf memory;
  private final ByteBuffer bytes;
  private final List<ArrowFieldNode> nodes = new ArrayList<>();
  private final List<ArrowBuf> buffers = new ArrayList<>();
  private int at;

  /// Takes memory.
  ///
  /// @param size the sum of the sizes of what is to come
  ArrowBody(int rows, int size) {
    this.rows = rows;
    this.memory = ArrowMemory.allocator().buffer(size);
    this.bytes = memory.nioBuffer(0, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The bytes of a column of numbers.
  static long sizeOfNumbers(int rows, boolean float32) {
    return aligned((rows + 7L) / Byte.SIZE)
        + aligned((long) rows * (float32 ? Float.BYTES : Double.BYTES));
  }

  /// The bytes of a kept column.
  static long sizeOf(ArrowArray array) {
    Iterator<byte[]> each = array.buffers().iterator();
    long size = 0;
    while (each.hasNext()) {
      size += aligned(each.next().length);
    }
    return size;
  }

  private static long aligned(long length) {
    return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /// Adds a feature's values from a row of the answer on; null where they are missing. There NaN
  /// stays in place, for those who do not look whether a value is null.
  void numbers(BatchAnswer answer, int feature, int firstRow, boolean float32) {
    int validity = at;
    int values = validity + (int) aligned((rows + 7L) / Byte.SIZE);
    int nulls = 0;
    int valid = 0;
    for (int i = 0; i < rows; i++) {
      double x = answer.value(firstRow + i, feature);
      if (float32) {
        bytes.putFloat(values + i * Float.BYTES, (float) x);
      } else {
        bytes.putDouble(values + i * Double.BYTES, x);
      }
      if (Double.isNaN(x)) {
        nulls++;
      } else {
        valid |= 1 << (i & 7);
      }
      if ((i & 7) == 7 || i == rows - 1) {
        bytes.put(validity + (i >> 3), (byte) valid);
        valid = 0;
      }
    }
    nodes.add(new ArrowFieldNode(rows, nulls));
    add(validity, nulls == 0 ? 0 : (rows + 7) / Byte.SIZE);
    add(values, rows * (float32 ? Float.BYTES : Double.BYTES));
    at = values + (int) aligned((long) rows * (float32 ? Float.BYTES : Double.BYTES));
  }

  /// Adds a kept column.
  void array(ArrowArray array) {
    array.nodes().forEach(nodes::add);
    array
        .buffers()
        .forEach(buffer -> {
          bytes.put(at, buffer);
          add(at, buffer.length);
          at += (int) aligned(buffer.length);
        });
  }

  private void add(int from, int length) {
    buffers.add(memory.slice(from, length));
  }

  /// All columns; to be closed before this.
  ArrowRecordBatch batch() {
    return new ArrowRecordBatch(rows, nodes, buffers);
  }

  @Override
  public void close() {
    memory.close();
  }
}
