package io.evenkeel.http.body;

import io.evenkeel.codec.number.ByteSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// The pieces of a body, compressed one after the other. `gzip` has one member without a name and a
/// time, see [Inflation]. It holds memory outside the heap until it is closed.
public final class CodedPieces implements Iterator<ByteBuffer>, AutoCloseable {
  private static final int PIECE = 1 << 15;
  private static final byte[] HEAD = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};
  private static final int TRAILER = 8;

  private final boolean gzip;
  private final Iterator<ByteBuffer> pieces;
  private final Deflater deflater;
  private final CRC32 check = new CRC32();
  private final byte[] scratch = new byte[PIECE];
  private boolean begun;
  private boolean ended;

  CodedPieces(Coding coding, Iterator<ByteBuffer> pieces) {
    this.gzip = coding == Coding.GZIP;
    this.pieces = pieces;
    // a longer search makes the digits of numbers hardly shorter
    this.deflater = new Deflater(Deflater.BEST_SPEED, gzip);
  }

  @Override
  public synchronized boolean hasNext() {
    return !ended;
  }

  @Override
  public synchronized ByteBuffer next() {
    if (ended) {
      throw new NoSuchElementException();
    }
    ByteSink out = new ByteSink(PIECE);
    if (!begun && gzip) {
      out.put(HEAD);
    }
    begun = true;
    while (out.size() < PIECE && pieces.hasNext()) {
      ByteBuffer piece = pieces.next();
      check.update(piece.duplicate());
      deflater.setInput(piece);
      deflate(out);
    }
    if (!pieces.hasNext()) {
      deflater.finish();
      deflate(out);
      if (gzip) {
        trailer(out);
      }
      close();
    }
    return out.toBuffer();
  }

  private void deflate(ByteSink out) {
    int length;
    do {
      length = deflater.deflate(scratch);
      out.put(scratch, length);
    } while (length > 0);
  }

  private void trailer(ByteSink out) {
    byte[] trailer = new byte[TRAILER];
    ByteBuffer.wrap(trailer)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) check.getValue())
        .putInt((int) deflater.getBytesRead());
    out.put(trailer);
  }

  @Override
  public synchronized void close() {
    ended = true;
    deflater.end();
  }
}
