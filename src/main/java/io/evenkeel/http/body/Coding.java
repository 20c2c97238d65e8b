package io.evenkeel.http.body;

import io.evenkeel.fault.Wire;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;

/// The codings in which a body may be compressed (RFC 9110, 8.4.1).
public enum Coding {
  /// RFC 1952.
  GZIP,
  /// A zlib stream, RFC 1950.
  DEFLATE;

  /// Its name in headers.
  public String word() {
    return Wire.word(this);
  }

  /// The coding of a name in a header.
  public static Optional<Coding> of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> Optional.of(GZIP);
      case "deflate" -> Optional.of(DEFLATE);
      default -> Optional.empty();
    };
  }

  /// Decompresses one body.
  public Inflation inflation() {
    return new Inflation(this);
  }

  /// The pieces of a body, compressed.
  public CodedPieces coded(Iterator<ByteBuffer> pieces) {
    return new CodedPieces(this, pieces);
  }
}
