package io.evenkeel.http.body;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.UnreadableBody;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Decompresses gzip and deflate. `deflate` is one zlib stream; `gzip` has one member or more:
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
final class Inflation implements Decompression {
  /// The memory of zlib itself, its window included.
  private static final long BYTES = 48 << 10;

  private static final int HEAD = 10;
  private static final int TRAILER = 8;
  private static final int CHECKED_HEAD = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

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
  private final CRC32 headCheck = new CRC32();
  private final CRC32 check = new CRC32();
  private Place place;
  private int flags;
  private long field;
  private int fieldLength;
  private int extraLeft;
  private boolean begun;
  private byte[] coded = new byte[0];
  private int at;
  private long before;
  private boolean taken;
  private boolean closed;

  Inflation(Coding coding, MemoryShare memory) {
    memory.take(BYTES);
    this.gzip = coding == Coding.GZIP;
    this.inflater = new Inflater(gzip);
    this.place = gzip ? Place.HEAD : Place.DEFLATED;
  }

  @Override
  public synchronized void give(byte[] bytes) {
    before += coded.length;
    coded = bytes;
    at = 0;
  }

  @Override
  public synchronized int next(byte[] piece) {
    while (!closed) {
      if (place == Place.DEFLATED) {
        int length = inflate(piece);
        if (length > 0 || place == Place.DEFLATED) {
          return length;
        }
      } else if (at == coded.length) {
        return 0;
      } else if (place == Place.END) {
        throw damaged("goes on after its end", before + at);
      } else {
        beside(coded[at] & 0xFF, before + at);
        at++;
      }
    }
    return 0;
  }

  @Override
  public synchronized void finish() {
    boolean ended = gzip ? begun && place == Place.HEAD && fieldLength == 0 : place == Place.END;
    if (!ended) {
      throw damaged("ends too early", before + coded.length);
    }
  }

  /// The inflater may hold bytes back although it has taken all there are, until it says 0.
  private int inflate(byte[] piece) {
    if (!taken) {
      inflater.setInput(coded, at, coded.length - at);
      at = coded.length;
      taken = true;
    }
    int length;
    try {
      length = inflater.inflate(piece);
    } catch (DataFormatException e) {
      throw damaged("is damaged", before);
    }
    check.update(piece, 0, length);
    if (inflater.finished()) {
      at = coded.length - inflater.getRemaining();
      taken = false;
      place = gzip ? Place.TRAILER : Place.END;
    } else if (length == 0) {
      if (!inflater.needsInput()) {
        throw damaged("is damaged", before);
      }
      taken = false;
    }
    return length;
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
        "The " + (gzip ? "gzip" : "deflate") + " coding of the body " + how + ".", 1, at + 1);
  }

  @Override
  public synchronized void close() {
    closed = true;
    inflater.end();
  }
}
