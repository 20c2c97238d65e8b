package io.evenkeel.codec;

import java.util.Iterator;
import java.util.NoSuchElementException;

/// Writes one answer piece by piece, so that a large one is never in memory twice. Used by one
/// thread at a time.
public abstract sealed class AnswerWriter implements Iterator<byte[]>
    permits JsonAnswerWriter, CsvAnswerWriter, BinaryAnswerWriter, JsonGradientWriter {
  private static final int PIECE = 1 << 16;

  private final int parts;
  private int next;

  /// @param parts how many times [#write] is to be called
  AnswerWriter(int parts) {
    this.parts = parts;
  }

  /// Writes a part: the first begins the answer, the last ends it.
  abstract void write(int part, ByteSink out);

  @Override
  public boolean hasNext() {
    return next < parts;
  }

  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ByteSink out = new ByteSink();
    while (next < parts && out.size() < PIECE) {
      write(next++, out);
    }
    return out.toBytes();
  }
}
