package io.evenkeel.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A request whose body may be refused before it is sent: the answer is read while the body goes
/// out.
final class Upload implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 120_000;
  private static final int CHUNK = 1 << 16;

  private final Socket socket = new Socket();
  private final Attack attack;

  /// @param from the client's own address, one of this machine's
  /// @param reads whether it takes more of an answer than the network gathers for it
  Upload(int port, String from, Attack attack, boolean reads) throws IOException {
    this.attack = attack;
    if (!reads) {
      socket.setReceiveBufferSize(4 << 10);
    }
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  /// How many bytes its body has.
  int length() {
    return attack.body().length;
  }

  /// Sends the request up to some part of its body, as far as the service takes it.
  void send(int bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(attack.head());
      for (int at = 0; at < bytes; at += CHUNK) {
        int length = Math.min(CHUNK, bytes - at);
        if (attack.chunked()) {
          out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        out.write(attack.body(), at, length);
        if (attack.chunked()) {
          out.write(new byte[] {'\r', '\n'});
        }
      }
      if (attack.chunked() && bytes == attack.body().length) {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException refused) {
      // the answer says why
    }
  }

  /// Sends all of it, and takes the whole answer.
  ///
  /// @return its status
  int status() throws IOException {
    Thread sender = Thread.ofVirtual().start(() -> send(attack.body().length));
    try {
      InputStream in = socket.getInputStream();
      int code = code(in.readNBytes("HTTP/1.1 200".length()));
      if (code < 300) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return code;
    } finally {
      sender.interrupt();
    }
  }

  /// The status alone of an answer that has begun.
  int begun() throws IOException {
    return code(socket.getInputStream().readNBytes("HTTP/1.1 200".length()));
  }

  private static int code(byte[] line) throws IOException {
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    told.writeBytes(line);
    String text = told.toString(StandardCharsets.US_ASCII);
    if (!text.startsWith("HTTP/1.1 ")) {
      throw new IOException("no answer: '" + text + "'");
    }
    return Integer.parseInt(text.substring("HTTP/1.1 ".length()));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
