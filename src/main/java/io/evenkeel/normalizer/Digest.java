package io.evenkeel.normalizer;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The first 16 bytes of a SHA-256 hash. They are enough to tell requests and keys apart.
public record Digest(long high, long low) {
  /// The length of a digest in bytes.
  private static final int BYTES = 16;

  /// A new SHA-256 computation.
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// The digest of the bytes that were given to a computation; resets it.
  public static Digest of(MessageDigest filled) {
    return ofBytes(filled.digest());
  }

  /// The digest in the first 16 of these bytes.
  public static Digest ofBytes(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Digest(buffer.getLong(), buffer.getLong());
  }

  /// The 16 bytes.
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
  }
}
