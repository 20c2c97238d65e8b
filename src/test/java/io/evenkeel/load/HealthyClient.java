package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;

/// Small requests one after the other. Each must be answered by 200; how long that takes is kept
/// while others attack.
final class HealthyClient implements Callable<Void>, AutoCloseable {
  private static final String REQUEST =
      "POST /api/v1/normalizers/two:normalize HTTP/1.1\r\nHost: localhost\r\n"
          + "Content-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"rows\":[[1, 2]]}";

  private final int port;
  private final LongAdder served = new LongAdder();
  private final List<Long> besideAttack = new ArrayList<>();
  private final List<Long> all = new ArrayList<>();
  private volatile boolean attacked;
  private volatile boolean ended;

  /// How long requests took, in milliseconds.
  record Latencies(int requests, double median, double p99, double longest) {
    private static Latencies of(List<Long> nanoseconds) {
      if (nanoseconds.isEmpty()) {
        return new Latencies(0, 0, 0, 0);
      }
      double[] sorted = nanoseconds.stream().mapToDouble(each -> each / 1e6).sorted().toArray();
      return new Latencies(
          sorted.length,
          sorted[sorted.length / 2],
          sorted[sorted.length * 99 / 100],
          sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d requests, median %.2f ms, p99 %.2f ms, longest %.0f ms",
          requests,
          median,
          p99,
          longest);
    }
  }

  HealthyClient(int port) {
    this.port = port;
  }

  private static long send(Connection connection) throws IOException {
    long start = System.nanoTime();
    connection.send(REQUEST);
    Answer answer = connection.answer();
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return System.nanoTime() - start;
  }

  private Connection connect() throws IOException {
    return new Connection(port, "127.0.0.99");
  }

  /// How long requests take that have the service for themselves.
  ///
  /// @param unmeasured how many come before, until the service is compiled
  Latencies alone(int unmeasured, int requests) throws IOException {
    List<Long> taken = new ArrayList<>();
    try (Connection connection = connect()) {
      for (int i = 0; i < unmeasured; i++) {
        send(connection);
      }
      for (int i = 0; i < requests; i++) {
        taken.add(send(connection));
      }
    }
    return Latencies.of(taken);
  }

  /// Sends until it is closed.
  @Override
  public Void call() throws IOException {
    try (Connection connection = connect()) {
      while (!ended) {
        boolean counts = attacked;
        long taken = send(connection);
        served.increment();
        if (counts) {
          synchronized (besideAttack) {
            besideAttack.add(taken);
            all.add(taken);
          }
        }
      }
    }
    return null;
  }

  /// Somebody attacks from now on.
  void attackBegins() {
    synchronized (besideAttack) {
      besideAttack.clear();
    }
    attacked = true;
  }

  /// Nobody attacks any more.
  ///
  /// @return how long the requests took that were sent and answered meanwhile
  Latencies attackEnds() {
    attacked = false;
    synchronized (besideAttack) {
      return Latencies.of(besideAttack);
    }
  }

  /// How many requests were answered.
  long served() {
    return served.sum();
  }

  /// How long those took that were sent under any attack.
  Latencies besideAttacks() {
    synchronized (besideAttack) {
      return Latencies.of(all);
    }
  }

  @Override
  public void close() {
    ended = true;
  }
}
