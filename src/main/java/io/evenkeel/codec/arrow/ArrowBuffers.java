package io.evenkeel.codec.arrow;

import io.evenkeel.codec.rows.UnreadableBody;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/// The nodes and buffers of one record batch, taken in their order. What is given lies within the
/// message, and all buffers together are no longer than its body: none is told of twice.
final class ArrowBuffers {
  /// Bytes of a message.
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

  /// Of a message whose header is a record batch.
  ///
  /// @throws UnreadableBody if it is compressed, or tells of more than it has
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
              + "; send it as it is.");
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
      throw message.fail("A record batch tells of " + count + " values.");
    }
    return (int) count;
  }

  /// N.
  int rows() {
    return rows;
  }

  /// Goes on to the next column, or the next child of one.
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

  /// Goes on to the next column, which has a value for each row.
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
      throw message.fail("A record batch has fewer buffers than the schema asks for.");
    }
    batch.buffers(buffer, buffers++);
    long offset = buffer.offset();
    long length = buffer.length();
    if (offset < 0 || length < 0 || offset > message.bodyLength() - length || length > unused) {
      throw message.fail("A buffer lies outside of the message's body, or upon another.");
    }
    unused -= length;
    return new Extent(message.bodyAt() + (int) offset, (int) length);
  }

  /// The next buffer, which has at least some length.
  Extent nextBuffer(long least) {
    Extent extent = nextBuffer();
    if (extent.length() < least) {
      throw message.fail(
          "A buffer has " + extent.length() + " bytes; its values need " + least + ".");
    }
    return extent;
  }

  /// The validity of the column; empty where nothing is null, since it may be left out then.
  Extent nextValidity(int length) {
    return nulls() == 0 ? new Extent(nextBuffer().at(), 0) : nextBuffer((length + 7L) / Byte.SIZE);
  }

  /// How many buffers more than others the next view column has.
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
