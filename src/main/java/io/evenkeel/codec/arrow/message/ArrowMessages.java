package io.evenkeel.codec.arrow.message;

import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.OtherFormat;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Excerpt;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.jspecify.annotations.Nullable;

/// Cuts an Arrow stream or file into its messages and holds one at a time.
///
/// | bytes | meaning                                                                      |
/// |-------|------------------------------------------------------------------------------|
/// | 4     | `FF FF FF FF`                                                                |
/// | 4     | m, the length of the metadata with padding, little-endian; 0 ends the stream |
/// | m     | metadata: a flatbuffer `Message`, which says how long the body is            |
/// | b     | body                                                                         |
///
/// A stream may end without the length 0, as the format allows. A file has the bytes `ARROW1 00 00`
/// before the messages, ends them with the length 0, and has a footer behind them, which is held
/// against the messages. Polars leaves out the first eight bytes of a file's schema; it then ends
/// where the next message begins, since `FF` is in no text and in no offset of a schema. Apache
/// Arrow for JavaScript writes the schema into the footer alone: such a file is held whole.
///
/// Source: <https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format>.
public final class ArrowMessages {
  private static final int PREFIX = 2 * Integer.BYTES;
  private static final int MARKER = -1;
  private static final int FIRST = 1024;
  private static final long FILE_MARK =
      little("ARROW1\0\0".getBytes(StandardCharsets.US_ASCII)).getLong(0);

  private enum Place {
    BEGIN,
    UNFRAMED,
    PREFIX,
    METADATA,
    BODY,
    HELD,
    FOOTER,
    OTHER,
    ENDED
  }

  private final int mostBytes;
  private final MemoryShare memory;
  private final Consumer<ArrowMessage> taker;
  private final BooleanSupplier lacksDictionaries;
  private byte[] bytes = new byte[FIRST];
  private int size;
  private int wanted = PREFIX;
  private Place place = Place.BEGIN;
  private @Nullable ArrowFooter footer;
  private @Nullable Message metadata;
  private byte kind;
  private int metadataLength;
  private boolean schemaCame;
  private boolean dictionariesCame;
  private long offset;

  /// @param mostBytes the most bytes of a message
  /// @param memory is asked before a message is held
  /// @param taker takes each message as soon as it is whole
  /// @param lacksDictionaries whether a record batch cannot be read yet; then a file is held whole
  public ArrowMessages(
      long mostBytes,
      MemoryShare memory,
      Consumer<ArrowMessage> taker,
      BooleanSupplier lacksDictionaries) {
    this.memory = memory;
    this.mostBytes = (int) Math.min(mostBytes, Integer.MAX_VALUE - 8);
    this.taker = taker;
    this.lacksDictionaries = lacksDictionaries;
  }

  private ArrowMessages(long mostBytes, MemoryShare memory, Consumer<ArrowMessage> taker) {
    this(mostBytes, memory, taker, () -> false);
    place = Place.PREFIX;
  }

  /// Takes the next bytes.
  ///
  /// @throws UnreadableBody if they are no message
  /// @throws BatchTooLarge if a message claims more than the most bytes
  public void feed(byte[] source, int from, int length) {
    int at = from;
    int end = from + length;
    while (at < end) {
      if (place == Place.ENDED) {
        throw fail("Nothing may follow the end of the stream.");
      }
      int taken = Math.min(end - at, wanted - size);
      reserve(taken);
      System.arraycopy(source, at, bytes, size, taken);
      size += taken;
      at += taken;
      if (size == wanted) {
        advance();
      }
    }
  }

  /// Makes room for at most twice the bytes that have come, whatever length the message claims.
  private void reserve(int more) {
    if (bytes.length - size < more) {
      long doubled = Math.min(wanted, bytes.length * 2L);
      int room = (int) Math.max(doubled, size + (long) more);
      memory.take(room);
      int before = bytes.length;
      bytes = Arrays.copyOf(bytes, room);
      memory.giveBack(before);
    }
  }

  private void advance() {
    switch (place) {
      case BEGIN -> beginning();
      case UNFRAMED -> unframed();
      case PREFIX -> prefix();
      case METADATA -> metadata();
      case BODY -> end(PREFIX, wanted - PREFIX - metadataLength);
      case OTHER -> throw other();
      case FOOTER, HELD -> throw BatchTooLarge.ofMessage(mostBytes);
      case ENDED -> throw new IllegalStateException("nothing is wanted");
    }
  }

  private void beginning() {
    if (little(bytes).getLong(0) == FILE_MARK) {
      footer = new ArrowFooter(memory);
      begin(Place.UNFRAMED);
    } else {
      place = Place.PREFIX;
      prefix();
    }
  }

  /// The first message of a file, whose prefix may be missing.
  private void unframed() {
    boolean marked = little(bytes).getInt(size - Integer.BYTES) == MARKER;
    if (size == PREFIX && little(bytes).getInt(0) == MARKER) {
      place = Place.PREFIX;
      prefix();
    } else if (marked) {
      metadataLength = size - Integer.BYTES;
      metadata = message(0);
      end(0, 0);
      little(bytes).putInt(0, MARKER);
      size = Integer.BYTES;
      offset -= Integer.BYTES;
    } else {
      want(Integer.BYTES);
    }
  }

  private void prefix() {
    if (little(bytes).getInt(0) != MARKER) {
      if (offset > 0 || !OtherFormat.mayBeAny(bytes, size)) {
        throw other();
      }
      place = Place.OTHER;
      wanted = OtherFormat.HEAD;
      return;
    }
    metadataLength = little(bytes).getInt(Integer.BYTES);
    if (metadataLength == 0) {
      begin(footer == null ? Place.ENDED : Place.FOOTER);
      return;
    }
    if (metadataLength < 0) {
      throw fail("The length of a message's metadata is negative.");
    }
    place = Place.METADATA;
    want(metadataLength);
  }

  /// Refuses bytes that are no message, by the name of their format if it is known.
  private UnreadableBody other() {
    OtherFormat.mayBeAny(bytes, size);
    String rule =
        "A message of an Arrow stream begins with the bytes FF FF FF FF, since Arrow 0.15";
    String head = new String(bytes, 0, Math.min(size, PREFIX), StandardCharsets.ISO_8859_1);
    boolean text = head.chars().allMatch(c -> (c >= ' ' && c <= '~') || (c >= '\t' && c <= '\r'));
    return fail(
        text && offset == 0
            ? rule
                + "; the body begins with the text "
                + Excerpt.quoted(head.replaceAll("\\s", " "))
                + "; send CSV as text/csv, JSON as application/json."
            : rule + ".");
  }

  /// Reads the metadata of a message and the length of its body.
  private Message message(int at) {
    Message message;
    long bodyLength;
    short version;
    try {
      message = Message.getRootAsMessage(ByteBuffer.wrap(bytes, at, metadataLength).slice());
      bodyLength = message.bodyLength();
      version = message.version();
      kind = message.headerType();
    } catch (RuntimeException e) {
      throw fail("The metadata of a message cannot be read.");
    }
    if (version != MetadataVersion.V5 && version != MetadataVersion.V4) {
      throw fail("The metadata of a message have another version than V4 or V5.");
    }
    if (bodyLength < 0) {
      throw fail("The length of a message's body is negative.");
    }
    return message;
  }

  private void metadata() {
    metadata = message(PREFIX);
    if (footer != null && !dictionariesCame && isEarly()) {
      place = Place.HELD;
      wanted = mostBytes;
      return;
    }
    long bodyLength = metadata.bodyLength();
    if (bodyLength == 0) {
      end(PREFIX, 0);
    } else {
      place = Place.BODY;
      want(bodyLength);
    }
  }

  /// Whether a message of a file needs something that has not come and is found by the footer.
  private boolean isEarly() {
    return schemaCame
        ? kind == MessageHeader.RecordBatch && lacksDictionaries.getAsBoolean()
        : kind != MessageHeader.Schema;
  }

  private void want(long more) {
    if (more > mostBytes - wanted) {
      throw BatchTooLarge.ofMessage(mostBytes);
    }
    wanted += (int) more;
  }

  /// @param metadataAt where the metadata begin
  private void end(int metadataAt, int bodyLength) {
    Message whole = metadata;
    if (whole != null) {
      schemaCame = true;
      if (footer != null && kind == MessageHeader.RecordBatch) {
        footer.expect(offset);
      }
      int bodyAt = metadataAt + metadataLength;
      if (dictionariesCame && kind == MessageHeader.DictionaryBatch) {
        begin(Place.PREFIX);
        return;
      }
      taker.accept(new ArrowMessage(whole, metadataLength, bytes, bodyAt, bodyLength, offset));
    }
    begin(Place.PREFIX);
  }

  private void begin(Place next) {
    offset += size;
    size = 0;
    wanted = next == Place.FOOTER ? mostBytes : PREFIX;
    metadata = null;
    place = next;
  }

  /// Ends the stream or file.
  ///
  /// @throws UnreadableBody if a message is cut off, or the footer is missing or tells of other
  ///   record batches
  public void finish() {
    if (place == Place.HELD) {
      feedHeld();
    }
    if (place == Place.FOOTER && footer != null) {
      String wrong = footer.check(bytes, size);
      if (!wrong.isEmpty()) {
        throw fail(wrong);
      }
      return;
    }
    if (size > 0) {
      boolean begins = place == Place.BEGIN || place == Place.PREFIX || place == Place.OTHER;
      if (begins && size >= Integer.BYTES && little(bytes).getInt(0) != MARKER) {
        throw other();
      }
      offset += size;
      throw fail("The body ends inside of a message.");
    }
    if (footer != null) {
      throw fail("The Arrow file is cut off: its footer is missing.");
    }
  }

  /// Reads a file that was held because its footer was needed first.
  private void feedHeld() {
    ArrowHeldFile held = new ArrowHeldFile(bytes, size, offset, this::fail);
    int room = bytes.length;
    long begin = offset;
    bytes = new byte[FIRST];
    begin(Place.PREFIX);
    offset = begin;
    if (!schemaCame) {
      byte[] schema = held.schema();
      feed(schema, 0, schema.length);
    }
    ArrowMessages dictionaries = new ArrowMessages(mostBytes, memory, taker);
    held.dictionaries(dictionaries::feed);
    dictionariesCame = true;
    offset = begin;
    held.messages(this::feed);
    memory.giveBack(room);
  }

  /// Refuses the body at the message that is being read.
  public UnreadableBody fail(String detail) {
    return new UnreadableBody(detail, 1, offset + 1);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
