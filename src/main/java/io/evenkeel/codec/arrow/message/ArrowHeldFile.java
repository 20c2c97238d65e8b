package io.evenkeel.codec.arrow.message;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.UnreadableBody;
import java.util.function.Function;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;

/// The rest of an Arrow file, whose footer tells what comes too late in it: the schema, or the
/// dictionaries.
final class ArrowHeldFile {
  /// Takes some bytes.
  interface Feed {
    void feed(byte[] bytes, int offset, int length);
  }

  private final byte[] bytes;
  private final int size;
  private final long offset;
  private final Function<String, UnreadableBody> refusal;
  private final Footer footer;

  /// @param offset of the first byte in the file
  /// @throws UnreadableBody if there is no footer
  ArrowHeldFile(byte[] bytes, int size, long offset, Function<String, UnreadableBody> refusal) {
    this.bytes = bytes;
    this.size = size;
    this.offset = offset;
    this.refusal = refusal;
    Footer found;
    try {
      found = ArrowFooter.of(bytes, size);
    } catch (RuntimeException e) {
      throw refusal.apply(ArrowFooter.UNREADABLE);
    }
    if (found == null) {
      throw refusal.apply(ArrowFooter.MISSING);
    }
    this.footer = found;
  }

  /// The schema in the footer, as a message.
  byte[] schema() {
    ArrowSchema schema;
    try {
      schema = ArrowFields.of(footer, size, refusal);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw refusal.apply(ArrowFooter.UNREADABLE);
    }
    ByteSink message = new ByteSink();
    ArrowSchemaWriter.write(schema, message);
    return message.toBytes();
  }

  /// Feeds the messages of the dictionaries that are here, in the order of the footer.
  void dictionaries(Feed feed) {
    long left = size;
    for (int i = 0; i < dictionaryCount(); i++) {
      long at;
      long length;
      try {
        Block block = footer.dictionaries(i);
        at = block.offset() - offset;
        length = block.metaDataLength() + block.bodyLength();
      } catch (IndexOutOfBoundsException e) {
        throw refusal.apply(ArrowFooter.UNREADABLE);
      }
      if (at >= 0) {
        if (length < 0 || at > size || length > size - at || length > left) {
          throw refusal.apply(
              "The footer of the Arrow file leads outside of the file, or to a place twice.");
        }
        left -= length;
        feed.feed(bytes, (int) at, (int) length);
      }
    }
  }

  private int dictionaryCount() {
    try {
      return footer.dictionariesLength();
    } catch (IndexOutOfBoundsException e) {
      throw refusal.apply(ArrowFooter.UNREADABLE);
    }
  }

  /// Feeds everything.
  void messages(Feed feed) {
    feed.feed(bytes, 0, size);
  }
}
