package io.evenkeel.engine.follow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the leader's stream of events.
final class LeaderEvents {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Whoever wants to know.
  interface Listener {
    /// All normalizers follow.
    void begin();

    /// A normalizer is there.
    ///
    /// @param tag what tells its state from others
    void present(String name, String tag);

    /// All normalizers have followed.
    void complete();

    /// A normalizer is gone.
    void gone(String name);

    /// Everything that the leader had acknowledged so many seconds ago has been told.
    void heartbeat(double seconds);
  }

  private final Listener listener;
  private String type = "";
  private final StringBuilder data = new StringBuilder();
  private volatile long heardAt = System.nanoTime();

  LeaderEvents(Listener listener) {
    this.listener = listener;
  }

  /// When the last line came, by [System#nanoTime].
  long heardAt() {
    return heardAt;
  }

  /// Reads until the stream ends.
  ///
  /// @throws IOException if it breaks off, or is none of an Evenkeel
  void read(InputStream stream) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        heardAt = System.nanoTime();
        take(line);
      }
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException("an event cannot be read: " + e.getMessage(), e);
    }
  }

  private void take(String line) {
    if (line.isEmpty()) {
      end();
    } else if (line.startsWith(":")) {
      listener.heartbeat(Double.parseDouble(line.substring(1)));
    } else if (line.startsWith("event: ")) {
      type = line.substring("event: ".length());
    } else if (line.startsWith("data: ")) {
      data.append(line, "data: ".length(), line.length());
    }
  }

  /// A client passes over events whose type it does not know.
  private void end() {
    if (!data.isEmpty()) {
      JsonNode json = JSON.readTree(data.toString());
      switch (type) {
        case "begin" -> listener.begin();
        case "complete" -> listener.complete();
        case "deleted" -> listener.gone(json.path("name").asString());
        case "" -> listener.present(json.path("name").asString(), json.path("state").asString());
        default -> {}
      }
    }
    type = "";
    data.setLength(0);
  }
}
