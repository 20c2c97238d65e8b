package io.evenkeel.faults.replicas;

import io.evenkeel.faults.replicas.Replicas.Replica;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Those who look at each healthy replica all the time: is it ready, and does it infer?
///
/// What happens to a replica on purpose while it is asked (a kill, a stop) is no fault of it, so a
/// failure counts only if the replica was healthy before and after.
final class Onlookers implements AutoCloseable {
  private static final String INFERENCE = "/api/v1/normalizers/" + Traffic.NAME + ":normalize";

  private final List<Thread> threads = new ArrayList<>();
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong asked = new AtomicLong();
  private volatile boolean enough;

  /// @param body a row to infer
  Onlookers(Replicas replicas, String body) {
    for (Replica replica : replicas.all()) {
      threads.add(Thread.ofVirtual().start(() -> look(replica, body)));
    }
  }

  private void look(Replica replica, String body) {
    try {
      while (!enough) {
        if (replica.isHealthy()) {
          ask(replica, "readiness", () -> replica.service().get("/readyz"));
          ask(replica, "inference", () -> replica.service().send("POST", INFERENCE, body));
        }
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Question {
    HttpResponse<String> ask() throws IOException, InterruptedException;
  }

  private void ask(Replica replica, String what, Question question) throws InterruptedException {
    long life = replica.service().pid();
    String answer;
    try {
      HttpResponse<String> response = question.ask();
      if (response.statusCode() == 200) {
        asked.incrementAndGet();
        return;
      }
      answer = response.statusCode() + " " + response.body();
    } catch (IOException e) {
      answer = e.toString();
    }
    if (replica.isHealthy() && replica.service().pid() == life) {
      failures.add("%s of %s: %s".formatted(what, replica, answer));
    }
  }

  /// What went wrong; empty if nothing.
  List<String> failures() {
    return List.copyOf(failures);
  }

  long asked() {
    return asked.get();
  }

  @Override
  public void close() throws InterruptedException {
    enough = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
