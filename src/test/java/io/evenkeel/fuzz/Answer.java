package io.evenkeel.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came back.
///
/// @param headers by their names in lower case
/// @param cut whether the body broke off
record Answer(int status, Map<String, String> headers, byte[] body, boolean cut) {

  /// A header, or null.
  @Nullable String header(String name) {
    return headers.get(name);
  }

  /// The media type without its parameters.
  String type() {
    return headers.getOrDefault("content-type", "").replaceFirst(";.*", "").strip();
  }

  boolean isRefusal() {
    return status >= 400 && status < 500;
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
