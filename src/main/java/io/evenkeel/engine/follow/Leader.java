package io.evenkeel.engine.follow;

import io.evenkeel.engine.bytes.MalformedBytesException;
import io.evenkeel.engine.bytes.WholeBytes;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/// The service that is followed, over HTTP. Its calls block.
final class Leader implements AutoCloseable {
  private static final Duration TO_CONNECT = Duration.ofSeconds(5);
  private static final Duration TO_ANSWER = Duration.ofSeconds(30);

  /// How long a state may take to come.
  private static final Duration TO_FETCH = Duration.ofMinutes(2);

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TO_CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final URI base;
  private final Optional<String> key;
  private final Scheduler timer;

  /// @param timer ends answers that take too long
  Leader(String base, Optional<String> key, Scheduler timer) {
    this.base = URI.create(base.endsWith("/") ? base : base + "/");
    this.key = key;
    this.timer = timer;
  }

  /// A state that was fetched.
  ///
  /// @param tag what tells it from others, as events name it
  record Fetched(Normalizer state, String tag) {}

  /// An answer that is none of use.
  static final class Refused extends IOException {
    private Refused(URI uri, int status) {
      super(uri + " answers " + status + meaning(status));
    }

    private static String meaning(int status) {
      return switch (status) {
        case 401, 403 -> ": set evenkeel.follow-key to a key with the role reader";
        case 404 -> ": it is no Evenkeel, or one of an earlier version";
        default -> "";
      };
    }
  }

  /// Opens the stream of all changes.
  InputStream events() throws IOException, InterruptedException {
    URI uri = base.resolve("api/v1/events?heartbeatSeconds=1");
    HttpResponse<InputStream> answer = send(uri, "text/event-stream");
    if (answer.statusCode() != OK) {
      answer.body().close();
      throw new Refused(uri, answer.statusCode());
    }
    return answer.body();
  }

  /// Fetches the present state of a name; empty if there is none.
  ///
  /// @param shared the object that stands for all definitions equal to one
  Optional<Fetched> state(NormalizerName name, UnaryOperator<NormalizerDefinition> shared)
      throws IOException, InterruptedException {
    URI uri = base.resolve("api/v1/normalizers/" + name + "/state");
    HttpResponse<InputStream> answer = send(uri, "application/octet-stream");
    Disposable end =
        timer.schedule(() -> close(answer.body()), TO_FETCH.toMillis(), TimeUnit.MILLISECONDS);
    try (InputStream body = answer.body()) {
      if (answer.statusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      if (answer.statusCode() != OK) {
        throw new Refused(uri, answer.statusCode());
      }
      Normalizer state = WholeBytes.decode(body, shared);
      if (!state.name().equals(name)) {
        throw new MalformedBytesException("it is the state of another name");
      }
      String tag = answer.headers().firstValue("ETag").orElse("");
      return Optional.of(new Fetched(state, tag));
    } catch (MalformedBytesException | IllegalArgumentException e) {
      throw new IOException(uri + " cannot be read: " + e.getMessage(), e);
    } finally {
      end.dispose();
    }
  }

  private HttpResponse<InputStream> send(URI uri, String accepted)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(TO_ANSWER).header("Accept", accepted);
    key.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
    return client.send(request.build(), BodyHandlers.ofInputStream());
  }

  /// Ends an answer, from another thread than the one that reads it.
  static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // whoever reads it hears of it
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
