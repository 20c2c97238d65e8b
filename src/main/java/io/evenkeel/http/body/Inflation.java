package io.evenkeel.http.body;

import io.evenkeel.codec.rows.UnreadableBody;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Decompresses a body as its bytes arrive, a bounded piece at a time: a few bytes can stand for
/// very many, and whoever takes the pieces can stop. `deflate` is one zlib stream; `gzip` has one
/// member or more:
///
/// | bytes | what                                                                     |
/// |-------|--------------------------------------------------------------------------|
/// | 10    | `1F 8B 08`, flags, time (4), two hints                                   |
/// | 2 + n | flag 4: n, little-endian, and n bytes                                    |
/// | n + 1 | flag 8: a name, then 0                                                   |
/// | n + 1 | flag 16: a comment, then 0                                               |
/// | 2     | flag 2: the low half of the CRC-32 of all before, little-endian          |
/// | n     | deflated bytes                                                           |
/// | 4     | CRC-32 of the inflated bytes, little-endian                              |
/// | 4     | their number modulo 2^32, little-endian                                  |
///
/// A damaged body becomes an [UnreadableBody] whose column is the place among the compressed bytes.
/// One thread may use it at a time. It holds memory outside the heap until it is closed.
public final class Inflation implements AutoCloseable {
  private static final int PIECE = 1 << 15;
  private static final int HEAD = 10;
  private static final int TRAILER = 8;
  private static final int CHECKED_HEAD = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  /// Takes decompressed bytes. The array is written to again afterwards.
  @FunctionalInterface
  public interface Taker {
    /// Takes the first bytes of an array.
    void take(byte[] bytes, int length);
  }

  private enum Place {
    HEAD,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    HEAD_CHECK,
    DEFLATED,
    TRAILER,
    END
  }

  private final boolean gzip;
  private final Inflater inflater;
  private final byte[] piece = new byte[PIECE];
  private final CRC32 headCheck = new CRC32();
  private final CRC32 check = new CRC32();
  private Place place;
  private int flags;
  private long field;
  private int fieldLength;
  private int extraLeft;
  private boolean begun;
  private long fed;

  Inflation(Coding coding) {
    this.gzip = coding == Coding.GZIP;
    this.inflater = new Inflater(gzip);
    this.place = gzip ? Place.HEAD : Place.DEFLATED;
  }

  /// Takes the next compressed bytes.
  ///
  /// @throws UnreadableBody if they are damaged
  public void feed(byte[] bytes, int offset, int length, Taker taker) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (place == Place.DEFLATED) {
        at = inflate(bytes, at, end, taker);
      } else if (place == Place.END) {
        throw damaged("goes on behind its end", fed + at - offset);
      } else {
        beside(bytes[at] & 0xFF, fed + at - offset);
        at++;
      }
    }
    fed += length;
  }

  /// Ends the body.
  ///
  /// @throws UnreadableBody if it ended too early
  public void finish() {
    boolean ended = gzip ? begun && place == Place.HEAD && fieldLength == 0 : place == Place.END;
    if (!ended) {
      throw damaged("ends too early", fed);
    }
  }

  private int inflate(byte[] bytes, int from, int end, Taker taker) {
    inflater.setInput(bytes, from, end - from);
    try {
      while (!inflater.finished()) {
        int length = inflater.inflate(piece);
        check.update(piece, 0, length);
        if (length > 0) {
          taker.take(piece, length);
        } else if (!inflater.finished()) {
          if (!inflater.needsInput()) {
            throw damaged("is damaged", fed);
          }
          return end;
        }
      }
    } catch (DataFormatException e) {
      throw damaged("is damaged", fed);
    }
    place = gzip ? Place.TRAILER : Place.END;
    return end - inflater.getRemaining();
  }

  /// A byte of a gzip member's head or trailer.
  private void beside(int b, long at) {
    if (place != Place.TRAILER && place != Place.HEAD_CHECK) {
      headCheck.update(b);
    }
    switch (place) {
      case HEAD -> head(b, at);
      case EXTRA_LENGTH -> {
        if (isWhole(b, 2)) {
          extraLeft = (int) field;
          leave(extraLeft > 0 ? Place.EXTRA : afterHead(NAME));
        }
      }
      case EXTRA -> {
        extraLeft--;
        if (extraLeft == 0) {
          leave(afterHead(NAME));
        }
      }
      case NAME, COMMENT -> {
        if (b == 0) {
          leave(afterHead(place == Place.NAME ? COMMENT : CHECKED_HEAD));
        }
      }
      case HEAD_CHECK -> {
        if (isWhole(b, 2)) {
          require(field == (headCheck.getValue() & 0xFFFF), at);
          leave(Place.DEFLATED);
        }
      }
      case TRAILER -> {
        if (isWhole(b, TRAILER)) {
          long length = inflater.getBytesWritten() & 0xFFFF_FFFFL;
          require(field == (check.getValue() | (length << Integer.SIZE)), at);
          inflater.reset();
          check.reset();
          headCheck.reset();
          leave(Place.HEAD);
        }
      }
      case DEFLATED, END -> throw new IllegalStateException("no bytes beside");
    }
  }

  private void head(int b, long at) {
    switch (fieldLength) {
      case 0 -> require(b == 0x1F, at);
      case 1 -> require(b == 0x8B, at);
      case 2 -> require(b == 8, at);
      case 3 -> {
        require((b & RESERVED) == 0, at);
        flags = b;
      }
      default -> {}
    }
    fieldLength++;
    if (fieldLength == HEAD) {
      begun = true;
      leave(afterHead(EXTRA));
    }
  }

  /// The first part that the head has, from `flag` on.
  private Place afterHead(int flag) {
    if (flag == EXTRA && (flags & EXTRA) != 0) {
      return Place.EXTRA_LENGTH;
    }
    if ((flag == EXTRA || flag == NAME) && (flags & NAME) != 0) {
      return Place.NAME;
    }
    if (flag != CHECKED_HEAD && (flags & COMMENT) != 0) {
      return Place.COMMENT;
    }
    return (flags & CHECKED_HEAD) == 0 ? Place.DEFLATED : Place.HEAD_CHECK;
  }

  private boolean isWhole(int b, int length) {
    field |= (long) b << (Byte.SIZE * fieldLength);
    fieldLength++;
    return fieldLength == length;
  }

  private void leave(Place next) {
    place = next;
    field = 0;
    fieldLength = 0;
  }

  private void require(boolean holds, long at) {
    if (!holds) {
      throw damaged("is damaged", at);
    }
  }

  private UnreadableBody damaged(String how, long at) {
    return new UnreadableBody(
        "The " + (gzip ? "gzip" : "deflate") + " coding " + how + ".", 1, at + 1);
  }

  @Override
  public void close() {
    inflater.end();
  }
}
