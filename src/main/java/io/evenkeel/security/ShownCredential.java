package io.evenkeel.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/// A credential as a request shows it, with the address it came from. It may be wrong.
final class ShownCredential extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1;

  private final transient String text;
  private final transient String address;
  private final transient byte[] hash;

  ShownCredential(String text, String address) {
    super(List.of());
    this.text = text;
    this.address = address;
    this.hash = sha256(text);
  }

  /// The key or token.
  String text() {
    return text;
  }

  /// The address of the client.
  String address() {
    return address;
  }

  /// SHA-256 of the text.
  byte[] hash() {
    return hash.clone();
  }

  /// The hash in a form that can be compared.
  ByteBuffer comparableHash() {
    return ByteBuffer.wrap(hash).asReadOnlyBuffer();
  }

  @Override
  public Object getPrincipal() {
    return "";
  }

  @Override
  public Object getCredentials() {
    return text;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
