package io.evenkeel.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// One request after another over a connection that is kept, as long as the service keeps it.
final class Connection implements AutoCloseable {
  /// How long an answer may take before the service hangs.
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private boolean usable = true;

  Connection(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
  }

  /// Whether another request can be sent.
  boolean isUsable() {
    return usable;
  }

  /// Sends a request and waits for all of its answer.
  ///
  /// @throws IOException if there is none
  Answer exchange(byte[] request) throws IOException {
    usable = false;
    socket.getOutputStream().write(request);
    Answer answer = answer();
    usable = !answer.cut() && !"close".equalsIgnoreCase(answer.header("connection"));
    return answer;
  }

  private Answer answer() throws IOException {
    String[] status = line().split(" ", 3);
    Map<String, String> headers = new HashMap<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int code = Integer.parseInt(status[1]);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean whole;
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      whole = chunks(body);
    } else if (code == 204 || code == 304) {
      whole = true;
    } else {
      whole = take(Long.parseLong(headers.getOrDefault("content-length", "0")), body);
    }
    return new Answer(code, headers, body.toByteArray(), !whole);
  }

  /// @return whether all chunks came
  private boolean chunks(ByteArrayOutputStream body) throws IOException {
    try {
      while (true) {
        int length = Integer.parseInt(line(), 16);
        if (!take(length, body)) {
          return false;
        }
        line();
        if (length == 0) {
          return true;
        }
      }
    } catch (EOFException | SocketException cut) {
      return false;
    }
  }

  private boolean take(long length, ByteArrayOutputStream body) throws IOException {
    byte[] bytes = in.readNBytes(Math.toIntExact(length));
    body.writeBytes(bytes);
    return bytes.length == length;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection was closed without an answer");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
