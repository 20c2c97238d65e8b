package io.evenkeel.codec.arrow;

import io.evenkeel.codec.rows.UnreadableBody;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/// Takes the nodes and buffers of one record batch in their order. Every buffer lies inside the
/// message, and all buffers together are no longer than its body: none comes twice.
final class ArrowBuffers {
  /// The place of bytes in a message.
  record Extent(int at, int length) {}

  private static final int STRUCT_BYTES = 16;

  private final ArrowMessage message;
  private final RecordBatch batch;
  private final int rows;
  private final FieldNode node = new FieldNode();
  private final Buffer buffer = new Buffer();
  private final int nodeCount;
  private final int bufferCount;
  private int nodes;
  private int buffers;
  private int variadicCounts;
  private long unused;

  /// @param message its header must be a record batch
  /// @throws UnreadableBody if the record batch is compressed or claims more than it has
  ArrowBuffers(ArrowMessage message) {
    this.message = message;
    this.unused = message.bodyLength();
    if (!(message.metadata().header(new RecordBatch()) instanceof RecordBatch found)) {
      throw message.fail("A record batch message has no record batch.");
    }
    this.batch = found;
    BodyCompression compression = batch.compression();
    if (compression != null) {
      throw message.fail(
          "The record batch is compressed by "
              + (compression.codec() == CompressionType.ZSTD ? "ZSTD" : "LZ4")
              + "; send it without compression.");
    }
    this.rows = count(batch.length());
    this.nodeCount = told(batch.nodesLength());
    this.bufferCount = told(batch.buffersLength());
  }

  private int told(int structs) {
    return structs <= message.metadataLength() / STRUCT_BYTES ? count(structs) : count(-1);
  }

  private int count(long count) {
    if (count < 0 || count > Integer.MAX_VALUE) {
      throw message.fail("A record batch claims " + count + " values, which it cannot have.");
    }
    return (int) count;
  }

  /// N.
  int rows() {
    return rows;
  }

  /// Moves to the next column, or to the next child of one.
  ///
  /// @return how many values it has
  int nextNode() {
    if (nodes == nodeCount) {
      throw message.fail("A record batch has fewer columns than the schema.");
    }
    batch.nodes(node, nodes++);
    int length = count(node.length());
    if (node.nullCount() < 0 || node.nullCount() > length) {
      throw message.fail("A column has " + length + " values and " + node.nullCount() + " nulls.");
    }
    return length;
  }

  /// Moves to the next column, which must have a value for each row.
  void nextColumn() {
    int length = nextNode();
    if (length != rows) {
      throw message.fail("A column has " + length + " values in a batch of " + rows + " rows.");
    }
  }

  /// How many values of the column are null.
  int nulls() {
    return (int) node.nullCount();
  }

  /// The next buffer.
  Extent nextBuffer() {
    if (buffers == bufferCount) {
      throw message.fail("A record batch has fewer buffers than its schema needs.");
    }
    batch.buffers(buffer, buffers++);
    long offset = buffer.offset();
    long length = buffer.length();
    if (offset < 0 || length < 0 || offset > message.bodyLength() - length || length > unused) {
      throw message.fail(
          "A buffer lies outside the body of its message, or overlaps another buffer.");
    }
    unused -= length;
    return new Extent(message.bodyAt() + (int) offset, (int) length);
  }

  /// The next buffer, which must not be shorter than this.
  Extent nextBuffer(long least) {
    Extent extent = nextBuffer();
    if (extent.length() < least) {
      throw message.fail(
          "A buffer has " + extent.length() + " bytes; its values need " + least + ".");
    }
    return extent;
  }

  /// The validity of the column. It is empty if no value is null: then a stream may leave it out.
  Extent nextValidity(int length) {
    return nulls() == 0 ? new Extent(nextBuffer().at(), 0) : nextBuffer((length + 7L) / Byte.SIZE);
  }

  /// How many additional buffers the next view column has.
  long nextVariadicCount() {
    long count =
        variadicCounts < batch.variadicBufferCountsLength()
            ? batch.variadicBufferCounts(variadicCounts++)
            : -1;
    return count(count);
  }

  byte[] bytes() {
    return message.bytes();
  }

  UnreadableBody fail(String detail) {
    return message.fail(detail);
  }

  /// Ends the batch.
  void end() {
    if (nodes != nodeCount || buffers != bufferCount) {
      throw message.fail("A record batch has more columns than the schema.");
    }
  }
}
