package io.evenkeel.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came back over a [Connection].
///
/// @param headers by their names in lower case
/// @param cut whether the body broke off
public record Answer(int status, Map<String, String> headers, byte[] body, boolean cut) {

  /// A header, or null.
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /// The media type without its parameters.
  public String type() {
    return headers.getOrDefault("content-type", "").replaceFirst(";.*", "").strip();
  }

  /// Whether the client is at fault.
  public boolean isRefusal() {
    return status >= 400 && status < 500;
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /// Whether the service lets go of the connection.
  public boolean isLast() {
    return cut || "close".equalsIgnoreCase(header("connection"));
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
