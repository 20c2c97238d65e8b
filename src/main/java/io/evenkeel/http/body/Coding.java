package io.evenkeel.http.body;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.fault.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/// The codings in which a body may be compressed (RFC 9110, 8.4.1).
public enum Coding {
  /// RFC 1952.
  GZIP(Coding.OF_DEFLATE) {
    @Override
    Decompression decompression(MemoryShare memory) {
      return new Inflation(this, memory);
    }

    @Override
    OutputStream compressing(OutputStream coded) throws IOException {
      return new GZIPOutputStream(coded, BUFFER, true) {
        {
          def.setLevel(Deflater.BEST_SPEED);
        }
      };
    }
  },
  /// A zlib stream, RFC 1950.
  DEFLATE(Coding.OF_DEFLATE) {
    @Override
    Decompression decompression(MemoryShare memory) {
      return new Inflation(this, memory);
    }

    @Override
    OutputStream compressing(OutputStream coded) {
      return new DeflaterOutputStream(coded, true) {
        {
          def.setLevel(Deflater.BEST_SPEED);
          buf = new byte[BUFFER];
        }
      };
    }
  },
  /// RFC 8878, with windows of at most 8 MB as RFC 9659 has it.
  ZSTD(Coding.OF_ZSTD) {
    @Override
    Decompression decompression(MemoryShare memory) {
      return new ZstdDecompression(memory);
    }

    @Override
    OutputStream compressing(OutputStream coded) throws IOException {
      return new ZstdOutputStreamNoFinalizer(coded, FASTEST)
          .setWindowLog(WINDOW_LOG)
          .setChecksum(true);
    }

    @Override
    boolean isUsable() {
      return NATIVE;
    }
  };

  /// What is held while an answer is coded: zlib's own 256 KB, or zstd's window, tables and
  /// buffers.
  private static final long OF_DEFLATE = 320 << 10;

  private static final long OF_ZSTD = 1 << 20;

  private static final int BUFFER = 1 << 13;

  /// The digits of numbers are little shorter for a longer search.
  private static final int FASTEST = 1;

  /// 128 KB.
  private static final int WINDOW_LOG = 17;

  private static final boolean NATIVE = isNativeLoaded();

  private final long compressionBytes;

  Coding(long compressionBytes) {
    this.compressionBytes = compressionBytes;
  }

  /// Zstandard is native code, and is not there for every operating system and processor.
  private static boolean isNativeLoaded() {
    try {
      Native.load();
      return true;
    } catch (LinkageError e) {
      return false;
    }
  }

  /// Its name in headers.
  public String word() {
    return Wire.word(this);
  }

  /// The coding of a name in a header, where this process knows it.
  public static Optional<Coding> of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> Optional.of(GZIP);
      case "deflate" -> Optional.of(DEFLATE);
      case "zstd" -> Optional.of(ZSTD).filter(Coding::isUsable);
      default -> Optional.empty();
    };
  }

  /// The names of all that this process knows, as a header lists them.
  static String words() {
    return Arrays.stream(values())
        .filter(Coding::isUsable)
        .map(Coding::word)
        .collect(Collectors.joining(", "));
  }

  boolean isUsable() {
    return true;
  }

  /// Undoes it for one body.
  ///
  /// @param memory that is taken before it is allocated
  abstract Decompression decompression(MemoryShare memory);

  /// Codes what is written to it. A flush makes everything readable that was written before;
  /// closing ends the coding. Holds memory outside the heap until it is closed.
  abstract OutputStream compressing(OutputStream coded) throws IOException;

  /// How many bytes of memory [#compressing] holds.
  long compressionBytes() {
    return compressionBytes;
  }
}
