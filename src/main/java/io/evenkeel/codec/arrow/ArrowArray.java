package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowBuffers;
import io.evenkeel.codec.arrow.message.ArrowBuffers.Extent;
import io.evenkeel.codec.number.ByteSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A kept column of one record batch, or a slice of one, in the heap. Offsets and the lengths of
/// children have been checked, so slicing never reads outside a buffer.
final class ArrowArray {
  private static final byte[] NOTHING = {};

  private final ArrowLayout layout;
  private final int length;
  private final byte[] validity;
  private final ArrowOffsets offsets;
  private final byte[] values;
  private final ArrowViews views;
  private final List<ArrowArray> children;

  private ArrowArray(
      ArrowLayout layout,
      int length,
      byte[] validity,
      ArrowOffsets offsets,
      byte[] values,
      ArrowViews views,
      List<ArrowArray> children) {
    this.layout = layout;
    this.length = length;
    this.validity = validity;
    this.offsets = offsets;
    this.values = values;
    this.views = views;
    this.children = children;
  }

  /// Copies the next column of a record batch.
  ///
  /// @param layout of a column that can be kept
  static ArrowArray of(ArrowLayout layout, ArrowBuffers buffers) {
    ArrowArray array = next(layout, buffers);
    buffers.requireRows(array.length);
    return array;
  }

  /// A column of texts.
  ///
  /// @param text the text of a row; null if it has none
  static ArrowArray ofTexts(int rows, IntFunction<@Nullable String> text) {
    byte[] validity = new byte[(rows + 7) / Byte.SIZE];
    ArrowOffsets.Builder offsets = new ArrowOffsets.Builder(rows);
    ByteSink values = new ByteSink();
    for (int row = 0; row < rows; row++) {
      String value = text.apply(row);
      if (value != null) {
        validity[row >> 3] |= (byte) (1 << (row & 7));
        values.text(value);
      }
      offsets.add(values.size());
    }
    return new ArrowArray(
        new ArrowLayout(ArrowLayout.Kind.TEXT, Integer.BYTES, List.of()),
        rows,
        validity,
        offsets.offsets(),
        values.toBytes(),
        ArrowViews.NONE,
        List.of());
  }

  /// The bytes of a value of fixed width, little-endian.
  ByteBuffer bytesOf(int i) {
    int width = layout.width() / Byte.SIZE;
    return ByteBuffer.wrap(values, i * width, width).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The value of a column of bits.
  boolean bit(int i) {
    return (values[i >> 3] >> (i & 7) & 1) != 0;
  }

  private static ArrowArray next(ArrowLayout layout, ArrowBuffers buffers) {
    int length = buffers.nextNode();
    if (layout.kind() == ArrowLayout.Kind.NULL) {
      return new ArrowArray(
          layout, length, NOTHING, ArrowOffsets.NONE, NOTHING, ArrowViews.NONE, List.of());
    }
    byte[] validity = copy(buffers.nextValidity(length));
    ArrowViews views = ArrowViews.NONE;
    ArrowOffsets offsets = ArrowOffsets.NONE;
    byte[] values = NOTHING;
    switch (layout.kind()) {
      case FIXED -> values = fixed(layout.width(), length, buffers);
      case VARIABLE, TEXT -> {
        offsets = ArrowOffsets.of(layout.width(), length, buffers);
        values = copy(buffers.nextBuffer(0));
      }
      case LIST -> offsets = ArrowOffsets.of(layout.width(), length, buffers);
      case FIXED_LIST, STRUCT -> {}
      case VIEW, TEXT_VIEW -> views = ArrowViews.next(length, validity, buffers);
      case NULL, OTHER -> throw new IllegalStateException("cannot be kept");
    }
    List<ArrowArray> children =
        layout.children().stream().map(child -> next(child, buffers)).toList();
    ArrowArray array = new ArrowArray(layout, length, validity, offsets, values, views, children);
    array.requireSound(buffers);
    return array;
  }

  private static byte[] copy(Extent extent) {
    return Arrays.copyOfRange(extent.bytes(), extent.at(), extent.at() + extent.length());
  }

  private static byte[] fixed(int bits, int length, ArrowBuffers buffers) {
    return copy(buffers.nextBuffer(((long) length * bits + 7) / Byte.SIZE));
  }

  private void requireSound(ArrowBuffers buffers) {
    boolean sound =
        switch (layout.kind()) {
          case NULL, FIXED, OTHER, VIEW, TEXT_VIEW -> true;
          case VARIABLE, TEXT -> offsets.leadInto(values.length);
          case LIST -> offsets.leadInto(children.getFirst().length);
          case FIXED_LIST -> (long) length * layout.width() <= children.getFirst().length;
          case STRUCT -> children.stream().allMatch(child -> child.length >= length);
        };
    if (!sound) {
      throw buffers.fail("The offsets of a column lead outside its values.");
    }
  }

  int length() {
    return length;
  }

  /// How many arrays this consists of, children included.
  int arrays() {
    return 1 + children.stream().mapToInt(ArrowArray::arrays).sum();
  }

  /// How many bytes the buffers have, those of children included.
  long size() {
    return (long) validity.length
        + offsets.bytes().length
        + values.length
        + views.size()
        + children.stream().mapToLong(ArrowArray::size).sum();
  }

  /// Whether each text in some of the values is UTF-8. Bytes behind a null do not count.
  boolean isUtf8(int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (!isNull(i) && !isUtf8(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean isUtf8(int i) {
    return switch (layout.kind()) {
      case NULL, FIXED, VARIABLE, OTHER, VIEW -> true;
      case TEXT, TEXT_VIEW -> isUtf8(bytes(i));
      case LIST -> children.getFirst().isUtf8(offsets.at(i), offsets.at(i + 1) - offsets.at(i));
      case FIXED_LIST -> children.getFirst().isUtf8(i * layout.width(), layout.width());
      case STRUCT -> children.stream().allMatch(child -> child.isUtf8(i, 1));
    };
  }

  private static boolean isUtf8(ByteBuffer bytes) {
    int at = bytes.position();
    while (at < bytes.limit() && bytes.get(at) >= 0) {
      at++;
    }
    if (at == bytes.limit()) {
      return true;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes.position(at));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  /// The bytes of a text.
  private ByteBuffer bytes(int i) {
    return layout.kind() == ArrowLayout.Kind.TEXT_VIEW
        ? views.bytes(i)
        : ByteBuffer.wrap(values, offsets.at(i), offsets.at(i + 1) - offsets.at(i));
  }

  /// A text. Bytes that are not UTF-8 become U+FFFD.
  String text(int i) {
    return StandardCharsets.UTF_8.decode(bytes(i)).toString();
  }

  /// Whether a value is null.
  boolean isNull(int i) {
    return validity.length > 0 && (validity[i >> 3] >> (i & 7) & 1) == 0;
  }

  /// A slice of the values.
  ArrowArray slice(int from, int count) {
    byte[] valid = validity.length == 0 ? NOTHING : bits(validity, from, count);
    ArrowOffsets starts = ArrowOffsets.NONE;
    byte[] bytes = NOTHING;
    ArrowViews seen = ArrowViews.NONE;
    List<ArrowArray> members = List.of();
    switch (layout.kind()) {
      case NULL, FIXED, OTHER -> bytes = fixed(from, count);
      case VARIABLE, TEXT -> {
        starts = offsets.slice(from, count);
        bytes = Arrays.copyOfRange(values, offsets.at(from), offsets.at(from + count));
      }
      case VIEW, TEXT_VIEW -> seen = views.slice(from, count);
      case LIST -> {
        starts = offsets.slice(from, count);
        int start = offsets.at(from);
        members = List.of(children.getFirst().slice(start, offsets.at(from + count) - start));
      }
      case FIXED_LIST -> {
        int each = layout.width();
        members = List.of(children.getFirst().slice(from * each, count * each));
      }
      case STRUCT -> members = children.stream().map(child -> child.slice(from, count)).toList();
    }
    return new ArrowArray(layout, count, valid, starts, bytes, seen, members);
  }

  private byte[] fixed(int from, int count) {
    if (layout.kind() != ArrowLayout.Kind.FIXED) {
      return NOTHING;
    }
    if (layout.width() == 1) {
      return bits(values, from, count);
    }
    int width = layout.width() / Byte.SIZE;
    return Arrays.copyOfRange(values, from * width, (from + count) * width);
  }

  /// A copy of bits from an index on, the first bit lowest. The bits behind the last are 0.
  private static byte[] bits(byte[] source, int from, int count) {
    byte[] moved = new byte[(count + 7) / Byte.SIZE];
    for (int i = 0; i < count; i++) {
      int bit = source[(from + i) >> 3] >> ((from + i) & 7) & 1;
      moved[i >> 3] |= (byte) (bit << (i & 7));
    }
    return moved;
  }

  /// The node of a column, or of the child of one, in a record batch.
  record Node(int length, int nulls) {}

  /// The nodes of this column in a record batch.
  Stream<Node> nodes() {
    return Stream.concat(
        Stream.of(new Node(length, nulls())), children.stream().flatMap(ArrowArray::nodes));
  }

  /// Whether an array of the same type has the same bytes.
  boolean isSame(ArrowArray other) {
    List<byte[]> own = buffers().toList();
    List<byte[]> others = other.buffers().toList();
    return nodes().toList().equals(other.nodes().toList())
        && own.size() == others.size()
        && IntStream.range(0, own.size()).allMatch(i -> Arrays.equals(own.get(i), others.get(i)));
  }

  private int nulls() {
    if (layout.kind() == ArrowLayout.Kind.NULL) {
      return length;
    }
    int nulls = 0;
    for (int i = 0; i < length; i++) {
      nulls += isNull(i) ? 1 : 0;
    }
    return nulls;
  }

  /// The buffers of this column in a record batch.
  Stream<byte[]> buffers() {
    Stream<byte[]> own =
        switch (layout.kind()) {
          case NULL, OTHER -> Stream.of();
          case VIEW, TEXT_VIEW -> Stream.concat(Stream.of(validity), views.buffers());
          case FIXED -> Stream.of(validity, values);
          case VARIABLE, TEXT -> Stream.of(validity, offsets.bytes(), values);
          case LIST -> Stream.of(validity, offsets.bytes());
          case FIXED_LIST, STRUCT -> Stream.of(validity);
        };
    return Stream.concat(own, children.stream().flatMap(ArrowArray::buffers));
  }

  /// How many buffers beside the usual ones each column of views has, in order.
  IntStream variadicCounts() {
    IntStream own =
        layout.kind() == ArrowLayout.Kind.VIEW || layout.kind() == ArrowLayout.Kind.TEXT_VIEW
            ? IntStream.of((int) views.buffers().count() - 1)
            : IntStream.empty();
    return IntStream.concat(own, children.stream().flatMapToInt(ArrowArray::variadicCounts));
  }
}
