package io.evenkeel.codec.arrow.message;

import com.google.flatbuffers.FlatBufferBuilder;
import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.DoubleList;
import io.evenkeel.codec.rows.MemoryShare;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.jspecify.annotations.Nullable;

/// The footer of an Arrow file, which tells where its messages are.
///
/// | bytes | meaning                                  |
/// |-------|------------------------------------------|
/// | n     | a flatbuffer `Footer`                    |
/// | 4     | n, little-endian                         |
/// | 6     | `ARROW1`                                 |
///
/// A file that is read from its front has been read whole before its footer comes. The footer of a
/// sound file tells of the same record batches in the same order.
public final class ArrowFooter {
  /// The sentence about a file without a footer.
  static final String MISSING = "The Arrow file is cut off: its footer is missing.";

  /// The sentence about a footer that is damaged.
  static final String UNREADABLE = "The footer of the Arrow file cannot be read.";

  private static final byte[] MARK = "ARROW1".getBytes(StandardCharsets.US_ASCII);
  private static final int BEHIND = Integer.BYTES + MARK.length;

  /// One message of a file.
  ///
  /// @param offset of its first byte in the file
  /// @param metadata how many bytes come before its body
  public record Place(long offset, int metadata, long body) {}

  /// The offsets of the record batches: integers below 2^53.
  private final DoubleList offsets;

  /// The footer of a file that is being read.
  ArrowFooter(MemoryShare memory) {
    this.offsets = new DoubleList(memory);
  }

  /// Expects a record batch at an offset, behind those before.
  void expect(long offset) {
    offsets.add((double) offset);
  }

  /// What is wrong with everything behind the messages; empty if nothing is.
  String check(byte[] bytes, int size) {
    try {
      Footer footer = of(bytes, size);
      return footer == null
          ? MISSING
          : isOf(footer) ? "" : "The footer of the Arrow file tells of other record batches.";
    } catch (RuntimeException e) {
      return UNREADABLE;
    }
  }

  /// The footer at the end of some bytes; null if there is none. Its offsets may lead anywhere.
  static @Nullable Footer of(byte[] bytes, int size) {
    ByteBuffer all = ByteBuffer.wrap(bytes, 0, size).order(ByteOrder.LITTLE_ENDIAN);
    boolean marked =
        size > BEHIND && all.slice(size - MARK.length, MARK.length).equals(ByteBuffer.wrap(MARK));
    int length = marked ? all.getInt(size - BEHIND) : 0;
    return length <= 0 || length > size - BEHIND
        ? null
        : Footer.getRootAsFooter(all.slice(size - BEHIND - length, length));
  }

  private boolean isOf(Footer footer) {
    boolean same = footer.recordBatchesLength() == offsets.size();
    Block block = new Block();
    for (int i = 0; same && i < offsets.size(); i++) {
      footer.recordBatches(block, i);
      same = block.offset() == (long) offsets.get(i);
    }
    return same;
  }

  /// Writes the footer of a file.
  public static void write(
      ArrowSchema schema, List<Place> dictionaries, List<Place> recordBatches, ByteSink out) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int table = ArrowSchemaWriter.table(builder, schema);
    Footer.startDictionariesVector(builder, dictionaries.size());
    int dictionaryVector = blocks(builder, dictionaries);
    Footer.startRecordBatchesVector(builder, recordBatches.size());
    int batchVector = blocks(builder, recordBatches);
    Footer.startFooter(builder);
    Footer.addVersion(builder, MetadataVersion.V5);
    Footer.addSchema(builder, table);
    Footer.addDictionaries(builder, dictionaryVector);
    Footer.addRecordBatches(builder, batchVector);
    builder.finish(Footer.endFooter(builder));
    ByteBuffer footer = builder.dataBuffer();
    int length = footer.remaining();
    out.zeros(length + BEHIND).put(footer).putInt(length).put(MARK);
  }

  private static int blocks(FlatBufferBuilder builder, List<Place> places) {
    for (Place place : places.reversed()) {
      Block.createBlock(builder, place.offset(), place.metadata(), place.body());
    }
    return builder.endVector();
  }
}
