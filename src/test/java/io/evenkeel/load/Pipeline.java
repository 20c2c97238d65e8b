package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A client that trains batch after batch, on one connection for as long as the service keeps it,
/// until nobody takes a new one. It waits with each body until the service asks for it (`Expect:
/// 100-continue`), so that it knows which requests the service has begun to read.
final class Pipeline {
  private static final String BODY = "{\"rows\": [[1, 2], [3, 4]]}";

  private final int port;
  private final Duration pause;
  private volatile long acknowledged;

  /// @param pause in the middle of each body
  Pipeline(int port, Duration pause) {
    this.port = port;
    this.pause = pause;
  }

  /// Trains until the service is gone.
  ///
  /// @throws IOException if a request that was begun got no answer
  void train() throws IOException {
    while (true) {
      try (Connection connection = connect()) {
        if (connection == null) {
          return;
        }
        boolean goesOn = true;
        while (goesOn && isAskedForTheBody(connection)) {
          connection.send(BODY.substring(0, 10));
          LockSupport.parkNanos(pause.toNanos());
          connection.send(BODY.substring(10));
          Answer answer = connection.answer();
          assertThat(answer.status()).as(answer.text()).isEqualTo(200);
          assertThat(answer.text()).contains("\"outcome\":\"applied\"");
          acknowledged++;
          goesOn = !answer.isLast();
        }
      }
    }
  }

  private @Nullable Connection connect() {
    try {
      return new Connection(port);
    } catch (IOException nobodyListens) {
      return null;
    }
  }

  /// @return false if the connection was closed before
  private static boolean isAskedForTheBody(Connection connection) throws IOException {
    try {
      connection.send(
          "POST /api/v1/normalizers/shared:normalize?mode=training HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
              + BODY.length()
              + "\r\n\r\n");
      Answer answer = connection.answer();
      assertThat(answer.status()).as(answer.text()).isEqualTo(100);
      return true;
    } catch (IOException closedBefore) {
      return false;
    }
  }

  /// How many batches were answered.
  long acknowledged() {
    return acknowledged;
  }
}
