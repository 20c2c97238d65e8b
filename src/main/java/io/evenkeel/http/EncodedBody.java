package io.evenkeel.http;

/// A body in a coding, such as gzip, that is not undone here.
final class EncodedBody extends RuntimeException {
  EncodedBody(String coding) {
    super(
        "The body's Content-Encoding " + coding + " cannot be read; send the body as it is.",
        null,
        false,
        false);
  }
}
