package io.evenkeel.load;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One that sends a request a byte at a time, with pauses, and means it well.
final class SlowClient implements AutoCloseable {
  private static final String TARGET = "POST /api/v1/normalizers/slow:normalize HTTP/1.1\r\n";
  private static final String ROWS = "{\"rows\": [[1, 2], [3, 4]]}";

  private final Connection connection;
  private final byte[] request;
  private final boolean endless;
  private int sent;

  private SlowClient(Connection connection, String atOnce, String slowly, boolean endless)
      throws IOException {
    this.connection = connection;
    this.request = (atOnce + slowly).getBytes(StandardCharsets.US_ASCII);
    this.endless = endless;
    this.sent = atOnce.length();
    connection.send(atOnce);
  }

  private static String head(String type, String length) {
    return TARGET + "Host: localhost\r\nContent-Type: " + type + "\r\n" + length + "\r\n\r\n";
  }

  /// Begins with the request's head.
  static SlowClient ofHead(Connection connection) throws IOException {
    String head = head("application/json", "Content-Length: " + ROWS.length());
    return new SlowClient(connection, "", head + ROWS, false);
  }

  /// Begins with the body.
  static SlowClient ofBody(Connection connection) throws IOException {
    String head = head("application/json", "Content-Length: " + ROWS.length());
    return new SlowClient(connection, head, ROWS, false);
  }

  /// A stream of blank lines, and one row at its end.
  static SlowClient ofStream(Connection connection) throws IOException {
    String head = head("application/x-ndjson", "Transfer-Encoding: chunked");
    return new SlowClient(connection, head, "1\r\n\n\r\n", true);
  }

  /// Sends nothing until it is time to end.
  static SlowClient idle(Connection connection) throws IOException {
    return new SlowClient(connection, "", "", false);
  }

  /// Sends the next byte; of a stream the next line.
  void sendOn() throws IOException {
    if (endless) {
      connection.send("1\r\n\n\r\n");
    } else if (sent < request.length - 1) {
      connection.send(new byte[] {request[sent++]});
    }
  }

  /// Sends all that is left, and takes the answer.
  Answer end() throws IOException {
    if (endless) {
      connection.send("7\r\n[1, 2]\n\r\n0\r\n\r\n");
    } else if (request.length == 0) {
      connection.send(head("application/json", "Content-Length: " + ROWS.length()) + ROWS);
    } else {
      connection.send(Arrays.copyOfRange(request, sent, request.length));
    }
    return connection.answer();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
