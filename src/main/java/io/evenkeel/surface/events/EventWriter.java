package io.evenkeel.surface.events;

import io.evenkeel.http.body.ChargedBytes;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/// Writes events as `text/event-stream`, see
/// <https://html.spec.whatwg.org/multipage/server-sent-events.html>. JSON without blanks has no
/// line breaks, so that each event has one line of data.
final class EventWriter {
  /// About how many bytes are sent together. One event may have more.
  private static final int TOGETHER = 16 << 10;

  private final JsonMapper json;
  private final ChargedBytes bytes;

  EventWriter(JsonMapper json, ChargedBytes bytes) {
    this.json = json;
    this.bytes = bytes;
  }

  /// Whether there is room for another event.
  boolean hasRoom() {
    return bytes.length() < TOGETHER;
  }

  void write(Event event) {
    event.type().ifPresent(type -> line("event", type));
    event.id().ifPresent(id -> line("id", id));
    text("data: ");
    bytes.write(json, event.data());
    text("\n\n");
  }

  /// A line that clients pass over.
  void comment(String words) {
    text(": " + words + "\n\n");
  }

  private void line(String field, String value) {
    text(field + ": " + value + '\n');
  }

  private void text(String ascii) {
    byte[] encoded = ascii.getBytes(StandardCharsets.US_ASCII);
    bytes.write(encoded, 0, encoded.length);
  }
}
