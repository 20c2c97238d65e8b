package io.evenkeel.codec.rows;

import io.evenkeel.codec.number.ByteSink;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ObjIntConsumer;

/// Writes one answer piece by piece, so that a large answer is never in memory twice. Used by one
/// thread at a time.
public abstract class AnswerWriter implements Iterator<ByteBuffer> {
  /// How many bytes every piece but the last has at least.
  private static final int PIECE = 1 << 18;

  /// About how many bytes a number takes as text, with the characters around it.
  public static final int NUMBER = 20;

  /// How many bytes a part may need beside its numbers.
  private static final int BESIDE = 256;

  /// How many bytes are collected before a target gets them. They stay in the processor's cache.
  private static final int RUN = 1 << 12;

  /// The most bytes of a short piece.
  private static final int SHORT = 4 * RUN;

  /// Where each thread collects short pieces. An array for each answer would take new memory, which
  /// is not in the processor's cache.
  private static final ThreadLocal<ByteSink> OF_THREAD = ThreadLocal.withInitial(ByteSink::new);

  private final int parts;
  private final long partSize;
  private int next;

  /// @param parts how many times [#write] is to be called
  /// @param partSize about how many bytes each writes
  public AnswerWriter(int parts, long partSize) {
    this.parts = parts;
    this.partSize = partSize;
  }

  /// Writes a part: the first begins the answer, the last ends it.
  protected abstract void write(int part, ByteSink out);

  /// Parts of one size. They are written into a buffer of the network, which saves a copy.
  ///
  /// @param size how many bytes each part has
  /// @param source writes the parts
  public record FixedParts(int size, Source source) {
    /// Writes parts into a buffer.
    public interface Source {
      /// Writes `count` parts from `part` on into a buffer that has room for them.
      void write(int part, int count, ByteBuffer target);
    }
  }

  /// The parts of this answer if they have one size.
  protected Optional<FixedParts> fixedParts() {
    return Optional.empty();
  }

  /// How many bytes the next piece has, if [#next(ByteBuffer)] can write it.
  public OptionalInt fixedPiece() {
    return fixedParts()
        .filter(_ -> hasNext())
        .map(parts -> OptionalInt.of(countOf(parts) * parts.size()))
        .orElse(OptionalInt.empty());
  }

  private int countOf(FixedParts fixed) {
    return Math.min(parts - next, Math.ceilDiv(PIECE, fixed.size()));
  }

  /// Writes the next piece, of [#fixedPiece] bytes, into a buffer that has room for it.
  public void next(ByteBuffer target) {
    FixedParts fixed = fixedParts().orElseThrow();
    int count = countOf(fixed);
    fixed.source().write(next, count, target);
    next += count;
  }

  /// About how many bytes the next piece has, if it is long and its parts are short: then
  /// [#next(ObjIntConsumer)] writes it without an array of its length.
  public OptionalInt longPiece() {
    long expected = expected();
    return hasNext() && expected > SHORT && partSize <= 16 * RUN
        ? OptionalInt.of((int) (expected + expected / 4))
        : OptionalInt.empty();
  }

  private long expected() {
    return Math.min(PIECE, (parts - next) * partSize) + partSize + BESIDE;
  }

  /// Writes the next piece, run by run.
  ///
  /// @param taker takes the first bytes of an array, which is overwritten afterwards
  public void next(ObjIntConsumer<byte[]> taker) {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int size = 0;
    ByteSink out = new ByteSink((int) Math.min(expected(), SHORT));
    while (next < parts && size + out.size() < PIECE) {
      write(next++, out);
      if (out.size() >= RUN) {
        size += out.size();
        out.drainTo(taker);
      }
    }
    out.drainTo(taker);
  }

  /// Writes the next piece if it is expected to be short.
  ///
  /// @return the piece, in an array that the next one of this thread overwrites; empty if it may be
  ///   long
  public Optional<ByteBuffer> shortPiece() {
    if (!hasNext() || expected() > SHORT) {
      return Optional.empty();
    }
    ByteSink out = OF_THREAD.get();
    out.clear();
    collect(out);
    if (out.size() > SHORT) {
      OF_THREAD.remove(); // long names and texts: such an array would stay with the thread
    }
    return Optional.of(out.toBuffer());
  }

  private void collect(ByteSink out) {
    while (next < parts && out.size() < PIECE) {
      write(next++, out);
    }
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
    ByteSink out = new ByteSink((int) Math.min(expected(), 2 * PIECE));
    collect(out);
    return out.toBuffer();
  }
}
