package io.evenkeel.surface.events;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client that reads a stream of events as the HTML standard says.
public final class EventClient implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// @param type `message` if the stream names none
  public record Received(String type, Optional<String> id, JsonNode data) {
    /// `type id data`, for assertions; the data by its name and version.
    @Override
    public String toString() {
      return type
          + id.map(text -> " #" + text).orElse("")
          + (data.has("name") ? " " + data.path("name").asString() : "")
          + (data.has("version") ? " " + data.path("version").asLong() : "");
    }
  }

  private final HttpResponse<InputStream> response;
  private final BlockingQueue<Received> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> comments = new LinkedBlockingQueue<>();
  private final Thread reader;

  private EventClient(HttpResponse<InputStream> response) {
    this.response = response;
    reader = Thread.ofVirtual().start(this::read);
  }

  /// Opens a stream.
  ///
  /// @param headers name, value, name, value
  public static EventClient open(int port, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Accept", "text/event-stream");
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return new EventClient(http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
  }

  public int status() {
    return response.statusCode();
  }

  public Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  private void read() {
    String type = "message";
    Optional<String> id = Optional.empty();
    StringBuilder data = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          if (!data.isEmpty()) {
            events.add(new Received(type, id, JSON.readTree(data.toString())));
          }
          type = "message";
          id = Optional.empty();
          data.setLength(0);
        } else if (line.startsWith(":")) {
          comments.add(line.substring(1).strip());
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = Optional.of(line.substring(4));
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6));
        } else {
          events.add(new Received("unknown line: " + line, Optional.empty(), JSON.nullNode()));
        }
      }
      events.add(new Received("end", Optional.empty(), JSON.nullNode()));
    } catch (IOException e) {
      events.add(new Received("broken off", Optional.empty(), JSON.nullNode()));
    }
  }

  /// The next event.
  public Received next() {
    try {
      Received next = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no event came");
      }
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The next comment.
  public String comment() {
    try {
      String next = comments.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no comment came");
      }
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The events up to the first of a type.
  public List<Received> until(String type) {
    List<Received> all = new ArrayList<>();
    do {
      all.add(next());
    } while (!all.getLast().type().equals(type));
    return all;
  }

  /// Whether nothing comes for a moment.
  public boolean isSilent() throws InterruptedException {
    return events.poll(400, TimeUnit.MILLISECONDS) == null;
  }

  @Override
  public void close() {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader.interrupt();
  }
}
