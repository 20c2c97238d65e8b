package io.evenkeel.surface.dashboard;

import io.evenkeel.normalizer.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.springframework.http.MediaType;

/// One file of the page, in memory as it is and compressed: all of them together are smaller than a
/// batch, and each is compressed once.
final class PageFile {
  private static final int TAG = 16;

  private final MediaType type;
  private final byte[] plain;
  private final byte[] compressed;
  private final String hash;

  PageFile(MediaType type, byte[] plain) {
    this.type = type;
    this.plain = plain;
    this.compressed = compressed(plain);
    this.hash = hash(plain);
  }

  private static byte[] compressed(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 2);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return bytes.toByteArray();
  }

  /// A text that other bytes do not have.
  static String hash(byte[] bytes) {
    MessageDigest sha = Digest.sha256();
    return HexFormat.of().formatHex(sha.digest(bytes)).substring(0, TAG);
  }

  MediaType type() {
    return type;
  }

  String hash() {
    return hash;
  }

  /// Its bytes, which nobody may change.
  ///
  /// @param gzip whether compressed
  byte[] bytes(boolean gzip) {
    return gzip ? compressed : plain;
  }

  /// Its entity tag: other bytes need another one (RFC 9110, 8.8.3).
  String tag(boolean gzip) {
    return '"' + hash + (gzip ? "-gzip" : "") + '"';
  }
}
