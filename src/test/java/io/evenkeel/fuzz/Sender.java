package io.evenkeel.fuzz;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.evenkeel.fuzz.Request.Kind;
import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sends inputs over one connection, for normalizers of its own: nobody else moves them, so that it
/// knows at which version each must be.
final class Sender implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String API = "/api/v1/normalizers/{name}";
  private static final String ADMIN = "/api/v1/admin/normalizers/{name}";

  /// The media types of tables as lines of text.
  private static final Set<String> TABLES = Set.of("text/csv", "text/tab-separated-values");

  /// The media types between whose bytes no line can say that something went wrong.
  private static final Set<String> NO_LINES =
      Set.of(
          "application/octet-stream",
          "application/x-npy",
          "application/vnd.apache.arrow.stream",
          "application/vnd.apache.arrow.file");

  /// Of so many inputs one has the statistics looked at before it and after it; no multiple of how
  /// many senders there are.
  private static final int COMPARED = 7;

  /// After so many requests the statistics begin anew: once they hold the largest doubles, batches
  /// are refused for nothing else.
  private static final int RESET = 200;

  private final int port;
  private final Inputs inputs;
  private final Tally tally;
  private final List<Subject> subjects = new ArrayList<>();
  private @Nullable Connection connection;

  Sender(int port, int number, Inputs inputs, Tally tally) {
    this.port = port;
    this.inputs = inputs;
    this.tally = tally;
    for (int layer = 0; layer < Layer.ALL.size(); layer++) {
      subjects.add(new Subject(Layer.ALL.get(layer).nameOf(number), layer));
    }
  }

  /// Makes its normalizers.
  void begin() throws IOException {
    for (Subject subject : subjects) {
      if (subject.layer() != Layer.MADE) {
        byte[] definition = Seed.utf8(Layer.ALL.get(subject.layer()).document());
        requireStatus(201, sent(subject, command("PUT", subject, API, definition)));
        subject.moveTo(1);
      }
    }
    Subject commanded = subjects.get(Layer.COMMANDED);
    byte[] label = Seed.utf8("{\"label\": \"" + Corpus.LABEL + "\"}");
    requireStatus(201, sent(commanded, command("POST", commanded, ADMIN + "/snapshots", label)));
  }

  /// Sends a request as it is meant, which must be answered.
  void sendValid(long number) throws IOException {
    Request request = inputs.valid(number);
    Subject subject = subjects.get(request.layer());
    Answer answer = sent(subject, request);
    requireContract(request, subject, answer);
    boolean takenAgain = answer.text().contains("problem:snapshot-exists");
    require(answer.isSuccess() || takenAgain, "not answered: " + request.target(), answer);
    if (subject.layer() == Layer.MADE) {
      unmake(subject, answer);
    } else if (!takenAgain) {
      follow(request, subject, answer);
    }
  }

  List<Subject> subjects() {
    return subjects;
  }

  /// Sends the input of a number and holds the service to what it has promised.
  ///
  /// @throws Breach if it breaks it
  void send(long number) throws IOException {
    Request request = inputs.of(number);
    Subject subject = subjects.get(request.layer());
    boolean compares = number % COMPARED == 0 && subject.layer() != Layer.MADE;
    String before = compares ? statistics(subject) : null;
    Answer answer = sent(subject, request);
    tally.count(request.kind(), answer);
    requireContract(request, subject, answer);
    if (subject.layer() == Layer.MADE) {
      unmake(subject, answer);
      return;
    }
    boolean mayMove = answer.isSuccess() && follow(request, subject, answer);
    if (before != null && !mayMove) {
      Answer now = sent(subject, Request.get(subject.layer(), API + "/statistics"));
      require(now.text().equals(before), "what moves nothing has changed the statistics", now);
      tally.compare();
    }
    if (subject.count() % RESET == 0) {
      reset(subject);
    }
  }

  /// The statistics now, asked for only where they are not known.
  String statistics(Subject subject) throws IOException {
    String known = subject.statistics();
    if (known == null) {
      Answer answer = sent(subject, Request.get(subject.layer(), API + "/statistics"));
      requireStatus(200, answer);
      requireVersion(subject.version(), answer);
      known = answer.text();
      subject.show(known);
    }
    return known;
  }

  private Answer sent(Subject subject, Request request) throws IOException {
    Connection open = connection == null ? new Connection(port) : connection;
    connection = null;
    try {
      open.send(request.bytes(subject.name()));
      Answer answer = plain(open.answerOrItsBeginning());
      connection = answer.isLast() ? null : open;
      return answer;
    } finally {
      if (connection == null) {
        open.close();
      }
    }
  }

  private static Request command(String method, Subject subject, String path, byte[] body) {
    List<String> headers = List.of("Content-Type: application/json");
    return new Request(Kind.DOCUMENTS, subject.layer(), method, path, headers, body, null);
  }

  private void reset(Subject subject) throws IOException {
    Answer answer = sent(subject, command("POST", subject, ADMIN + ":unfreeze", new byte[0]));
    requireStatus(200, answer);
    answer = sent(subject, command("POST", subject, ADMIN + ":reset", new byte[0]));
    requireStatus(200, answer);
    subject.moveTo(version(answer));
  }

  /// Deletes what has just been made, so that it can be made again.
  private void unmake(Subject subject, Answer answer) throws IOException {
    if (answer.status() == 201) {
      requireStatus(204, sent(subject, command("DELETE", subject, API, new byte[0])));
    } else {
      Answer none = sent(subject, Request.get(subject.layer(), API));
      require(none.status() == 404, "something was made by what was refused", none);
    }
  }

  /// Learns what a request has done that was answered.
  ///
  /// @return whether it may have moved the state
  private boolean follow(Request request, Subject subject, Answer answer) throws IOException {
    String outcome = answer.header("normalizer-outcome");
    String key = key(request);
    long before = subject.version();
    if (outcome != null) {
      boolean applied = outcome.equals("applied");
      requireVersion(applied ? before + 1 : before, answer);
      require(
          !outcome.equals("duplicate") || subject.hasApplied(key),
          "a key of its own twice",
          answer);
      subject.moveTo(applied ? before + 1 : before);
      if (applied) {
        subject.apply(key);
      }
      return applied;
    }
    if (request.target().contains(":backward")) {
      requireVersion(before, answer);
      return false;
    }
    // a stream, or a command
    long now = version(sent(subject, Request.get(subject.layer(), API)));
    require(now >= before, "the version went back to " + now + " from " + before, answer);
    boolean streamed = request.target().contains(":normalize");
    require(streamed || now <= before + 1, "one command moved more than one version", answer);
    subject.apply(key);
    subject.moveTo(now);
    return now > before || !streamed;
  }

  private static String key(Request request) {
    return request.headers().stream()
        .filter(header -> header.startsWith("Idempotency-Key: "))
        .findFirst()
        .orElse("");
  }

  /// An answer without its coding, as far as it came.
  private static Answer plain(Answer answer) throws IOException {
    String coding = answer.header("content-encoding");
    if (coding == null) {
      return answer;
    }
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    InputStream coded = new ByteArrayInputStream(answer.body());
    try (InputStream in =
        switch (coding) {
          case "gzip" -> new GZIPInputStream(coded);
          case "deflate" -> new InflaterInputStream(coded);
          default -> new ZstdInputStreamNoFinalizer(coded);
        }) {
      in.transferTo(plain);
    } catch (IOException e) {
      if (!answer.cut()) {
        throw e;
      }
    }
    return new Answer(answer.status(), answer.headers(), plain.toByteArray(), answer.cut());
  }

  private static long version(Answer answer) {
    String version = answer.header("normalizer-version");
    require(version != null, "no version", answer);
    return Long.parseLong(String.valueOf(version));
  }

  private static void requireVersion(long wanted, Answer answer) {
    String told = answer.header("normalizer-version");
    long version = told == null ? tree(answer).path("version").asLong() : Long.parseLong(told);
    require(version == wanted, "version " + version + ", not " + wanted, answer);
  }

  private static void requireStatus(int wanted, Answer answer) {
    require(answer.status() == wanted, "not " + wanted, answer);
  }

  private static void requireContract(Request request, Subject subject, Answer answer) {
    require(answer.isSuccess() || answer.isRefusal(), "neither answered nor refused", answer);
    if (answer.isRefusal()) {
      requireProblem(request, answer);
      boolean reused =
          answer.text().contains("problem:idempotency-key-reused")
              || answer.text().contains("Idempotency key reused");
      require(
          !reused || subject.hasApplied(key(request)) || subject.layer() == Layer.MADE,
          "a key counts that came with a refusal only",
          answer);
      return;
    }
    boolean mayBeCut = request.target().contains("batchRows") && NO_LINES.contains(answer.type());
    require(!answer.cut() || mayBeCut, "broken off", answer);
    switch (answer.type()) {
      case "application/json" -> tree(answer);
      case "application/x-ndjson" ->
          answer.text().lines().filter(line -> !line.isBlank()).forEach(line -> tree(answer, line));
      default ->
          require(
              answer.body().length == 0
                  || TABLES.contains(answer.type())
                  || NO_LINES.contains(answer.type()),
              "no media type that was asked for",
              answer);
    }
    if (answer.type().equals("application/x-ndjson") || TABLES.contains(answer.type())) {
      answer
          .text()
          .lines()
          .filter(line -> line.startsWith("{\"problem\""))
          .mapToInt(line -> tree(answer, line).at("/problem/status").asInt(0))
          .forEach(status -> require(status >= 400 && status < 500, "a line of failure", answer));
    }
  }

  private static void requireProblem(Request request, Answer answer) {
    require(!answer.cut(), "broken off", answer);
    if (answer.type().equals("application/json") && request.target().startsWith("/v")) {
      require(
          tree(answer).path("error").asString("").length() > 1 && tree(answer).size() == 1,
          "no error in one text",
          answer);
      return;
    }
    require(answer.type().equals("application/problem+json"), "no problem document", answer);
    JsonNode problem = tree(answer);
    require(
        problem.path("type").asString("").startsWith("urn:evenkeel:problem:")
            && !problem.path("title").asString("").isEmpty()
            && problem.path("status").asInt(0) == answer.status()
            && problem.path("detail").asString("").length() > 1,
        "the problem document lacks a part",
        answer);
  }

  private static JsonNode tree(Answer answer) {
    return tree(answer, answer.text());
  }

  private static JsonNode tree(Answer answer, String json) {
    try {
      return JSON.readTree(json);
    } catch (JacksonException e) {
      throw new Breach("no JSON: " + e.getMessage() + said(answer));
    }
  }

  private static void require(boolean holds, String otherwise, Answer answer) {
    if (!holds) {
      throw new Breach(otherwise + said(answer));
    }
  }

  private static String said(Answer answer) {
    String text = answer.text();
    return "; answered "
        + answer.status()
        + " "
        + Map.copyOf(answer.headers())
        + " "
        + text.substring(0, Math.min(600, text.length()));
  }

  /// A failure in words, with all that is needed to send the input again.
  String told(long number, Exception failure) {
    Request request = inputs.of(number);
    Subject subject = subjects.get(request.layer());
    byte[] bytes = request.bytes(subject.name());
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return "input %d for %s: %s%n%s"
        .formatted(
            number, subject.name(), failure, text.substring(0, Math.min(2_000, text.length())));
  }

  /// After a failure: what is the state now, and a new connection.
  void recover() throws IOException {
    close();
    for (Subject subject : subjects) {
      if (subject.layer() == Layer.MADE) {
        sent(subject, command("DELETE", subject, API, new byte[0]));
      } else {
        long version = version(sent(subject, Request.get(subject.layer(), API)));
        subject.moveTo(subject.version() - 1);
        subject.moveTo(version);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
