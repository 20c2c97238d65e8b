package io.evenkeel.codec.arrow.message;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.UnreadableBody;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/// Takes the nodes and buffers of one record batch in their order. Every buffer lies inside the
/// message, and all buffers together are no longer than its body: none comes twice.
///
/// A compressed buffer is decompressed when it is asked for. Buffers that are passed over stay as
/// they are.
public final class ArrowBuffers implements AutoCloseable {
  /// The place of bytes in an array: in the message, or in an array of their own.
  @SuppressWarnings("ArrayRecordComponent") // a place to read from, never compared
  public record Extent(byte[] bytes, int at, int length) {
    /// The bytes, little-endian.
    public ByteBuffer buffer() {
      return ByteBuffer.wrap(bytes, at, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static final Extent NO_NULLS = new Extent(new byte[0], 0, 0);

  private static final int STRUCT_BYTES = 16;

  private final ArrowMessage message;
  private final RecordBatch batch;
  private final MemoryShare memory;
  private final @Nullable ArrowCompression compression;
  private final int rows;
  private final FieldNode node = new FieldNode();
  private final Buffer buffer = new Buffer();
  private final int nodeCount;
  private final int bufferCount;
  private int nodes;
  private int buffers;
  private int variadicCounts;
  private long unused;
  private long held;

  /// @param batch the header of the message, or the record batch in its header
  /// @param memory is asked before anything is decompressed or converted
  /// @param mostBytes the most bytes of all decompressed buffers
  /// @throws UnreadableBody if the record batch claims more than it has
  public ArrowBuffers(ArrowMessage message, RecordBatch batch, MemoryShare memory, long mostBytes) {
    this.message = message;
    this.memory = memory;
    this.unused = message.bodyLength();
    this.batch = batch;
    BodyCompression coding = batch.compression();
    this.compression =
        coding == null ? null : new ArrowCompression(message, coding, this::hold, mostBytes);
    this.rows = count(batch.length());
    this.nodeCount = told(batch.nodesLength());
    this.bufferCount = told(batch.buffersLength());
  }

  /// The buffers of a record batch.
  ///
  /// @param message its header must be a record batch
  public static ArrowBuffers of(ArrowMessage message, MemoryShare memory, long mostBytes) {
    if (!(message.metadata().header(new RecordBatch()) instanceof RecordBatch batch)) {
      throw message.fail("A record batch message has no record batch.");
    }
    return new ArrowBuffers(message, batch, memory, mostBytes);
  }

  /// Takes memory until the record batch has been read.
  public void hold(long bytes) {
    memory.take(bytes);
    held += bytes;
  }

  /// Gives back the memory of everything that was decompressed or converted.
  @Override
  public void close() {
    memory.giveBack(held);
    held = 0;
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
  public int rows() {
    return rows;
  }

  /// Moves to the next column, or to the next child of one.
  ///
  /// @return how many values it has
  public int nextNode() {
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
  public void nextColumn() {
    requireRows(nextNode());
  }

  /// Refuses a column that does not have a value for each row.
  public void requireRows(int length) {
    if (length != rows) {
      throw message.fail("A column has " + length + " values in a batch of " + rows + " rows.");
    }
  }

  /// How many values of the column are null.
  int nulls() {
    return (int) node.nullCount();
  }

  /// Passes over the next buffer.
  public void passBuffer() {
    raw();
  }

  /// The next buffer as it came.
  private Extent raw() {
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
    return new Extent(message.bytes(), message.bodyAt() + (int) offset, (int) length);
  }

  /// The next buffer, decompressed. It must not be shorter than this.
  public Extent nextBuffer(long least) {
    Extent raw = raw();
    Extent extent = compression == null ? raw : compression.decompressed(raw);
    if (extent.length() < least) {
      throw message.fail(
          "A buffer has " + extent.length() + " bytes; its values need " + least + ".");
    }
    return extent;
  }

  /// The validity of the column. It is empty if no value is null: then a stream may leave it out.
  public Extent nextValidity(int length) {
    if (nulls() == 0) {
      passBuffer();
      return NO_NULLS;
    }
    return nextBuffer((length + 7L) / Byte.SIZE);
  }

  /// How many additional buffers the next view column has.
  public long nextVariadicCount() {
    long count =
        variadicCounts < batch.variadicBufferCountsLength()
            ? batch.variadicBufferCounts(variadicCounts++)
            : -1;
    return count(count);
  }

  /// Refuses the body at the message of this record batch.
  public UnreadableBody fail(String detail) {
    return message.fail(detail);
  }

  /// Ends the batch.
  public void end() {
    if (nodes != nodeCount || buffers != bufferCount) {
      throw message.fail("A record batch has more columns than the schema.");
    }
  }
}
