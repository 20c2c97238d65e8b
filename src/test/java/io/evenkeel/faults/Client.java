package io.evenkeel.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.PackagedService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

/// One that trains, batch after batch: how many were acknowledged, and the one whose answer it
/// never got, or which was refused because the store took no writes.
///
/// A batch of client w is one row, 1 in feature w and 0 elsewhere: the sum of feature w, mean ×
/// count, is the number of its batches that count. Every other batch carries an idempotency key,
/// and every tenth, which has one, is sent again once it is acknowledged.
final class Client {
  private final int index;
  private final String body;
  private long sent;
  private volatile long acknowledged;
  private long repeated;
  private boolean unanswered;

  Client(int index, int features) {
    this.index = index;
    List<String> row = new ArrayList<>(Collections.nCopies(features, "0"));
    row.set(index, "1");
    body = "{\"rows\":[[" + String.join(",", row) + "]]}";
  }

  /// Trains until that is enough, the store takes no writes, or the service is gone. Whether the
  /// latest batch counts has to be known before another is sent: a client that cannot ask, since
  /// its batch has no key, waits to be settled.
  void train(PackagedService service, BooleanSupplier enough) throws InterruptedException {
    if (unanswered && !hasAsked(service)) {
      return;
    }
    while (!enough.getAsBoolean()) {
      sent++;
      unanswered = true;
      try {
        HttpResponse<String> answer = sendLatest(service);
        if (isRefused(answer)) {
          return;
        }
        assertOutcome(answer, "applied");
        unanswered = false;
        acknowledged++;
        if (sent % 10 == 1) {
          HttpResponse<String> again = sendLatest(service);
          if (isRefused(again)) {
            return;
          }
          assertOutcome(again, "duplicate");
          repeated++;
        }
      } catch (IOException gone) {
        return;
      }
    }
  }

  /// Sends the latest batch, which was refused and may count all the same, with its key once more.
  private boolean hasAsked(PackagedService service) throws InterruptedException {
    try {
      HttpResponse<String> answer = isKeyed() ? sendLatest(service) : null;
      if (answer == null || isRefused(answer)) {
        return false;
      }
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      acknowledge(1);
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  private static boolean isRefused(HttpResponse<String> answer) {
    if (answer.statusCode() != 503) {
      return false;
    }
    assertThat(answer.body()).contains("urn:evenkeel:problem:storage-unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    return true;
  }

  private static void assertOutcome(HttpResponse<String> answer, String outcome) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"outcome\":\"" + outcome + "\"");
  }

  private HttpResponse<String> sendLatest(PackagedService service)
      throws IOException, InterruptedException {
    String path =
        "/api/v1/normalizers/shared" + (sent % 3 == 0 ? ":observe" : ":normalize?mode=training");
    return isKeyed()
        ? service.send("POST", path, body, "Idempotency-Key", index + "-" + sent)
        : service.send("POST", path, body);
  }

  /// Whether the latest batch has an idempotency key.
  boolean isKeyed() {
    return sent % 2 == 1;
  }

  /// Sends the latest batch, whose answer was never got, twice more.
  ///
  /// @param counted whether it counts already
  void retry(PackagedService service, boolean counted) throws IOException, InterruptedException {
    assertOutcome(sendLatest(service), counted ? "duplicate" : "applied");
    assertOutcome(sendLatest(service), "duplicate");
    acknowledge(1);
  }

  /// Takes a batch without a key, whose answer was never got, for what has become of it.
  ///
  /// @param batches 1 if it counts, else 0
  void acknowledge(long batches) {
    unanswered = false;
    acknowledged += batches;
  }

  int index() {
    return index;
  }

  long acknowledged() {
    return acknowledged;
  }

  /// How many were sent again although they had been acknowledged.
  long repeated() {
    return repeated;
  }

  boolean isUnanswered() {
    return unanswered;
  }
}
