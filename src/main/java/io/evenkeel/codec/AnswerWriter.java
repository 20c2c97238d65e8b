package io.evenkeel.codec;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalInt;

/// Writes one answer piece by piece, so that a large one is never in memory twice. Used by one
/// thread at a time.
public abstract sealed class AnswerWriter implements Iterator<ByteBuffer>
    permits JsonAnswerWriter,
        NdjsonAnswerWriter,
        CsvAnswerWriter,
        BinaryAnswerWriter,
        ArrowAnswerWriter,
        InferenceAnswerWriter,
        JsonGradientWriter {
  /// How many bytes a piece has at least, but for the last.
  private static final int PIECE = 1 << 18;

  /// What a part may need beside its numbers.
  private static final int BESIDE = 256;

  private final int parts;
  private final long partSize;
  private int next;

  /// @param parts how many times [#write] is to be called
  /// @param partSize about how many bytes each writes
  AnswerWriter(int parts, long partSize) {
    this.parts = parts;
    this.partSize = partSize;
  }

  /// Writes a part: the first begins the answer, the last ends it.
  abstract void write(int part, ByteSink out);

  /// How many bytes each part has, where all have the same and take them from numbers without more
  /// work: then [#next(ByteBuffer)] spares a copy.
  OptionalInt exactPart() {
    return OptionalInt.empty();
  }

  /// Writes the first parts that fit, only where a part has an exact size.
  void write(int part, int parts, ByteBuffer target) {
    throw new UnsupportedOperationException();
  }

  /// How many bytes the next piece has, if [#next(ByteBuffer)] can write it; else it is got from
  /// [#next()].
  public OptionalInt exactPiece() {
    OptionalInt part = exactPart();
    return part.isPresent() && hasNext()
        ? OptionalInt.of(partsOf(part.getAsInt()) * part.getAsInt())
        : OptionalInt.empty();
  }

  private int partsOf(int size) {
    return Math.min(parts - next, Math.max(1, Math.ceilDiv(PIECE, Math.max(1, size))));
  }

  /// Writes the next piece into a buffer that has room for it.
  public void next(ByteBuffer target) {
    int count = partsOf(exactPart().orElseThrow());
    write(next, count, target);
    next += count;
  }

  @Override
  public boolean hasNext() {
    return next < parts;
  }

  @Override
  public ByteBuffer next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    long expected = Math.min(PIECE, (parts - next) * partSize) + partSize + BESIDE;
    ByteSink out = new ByteSink((int) Math.min(expected, 2 * PIECE));
    while (next < parts && out.size() < PIECE) {
      write(next++, out);
    }
    return out.toBuffer();
  }
}
