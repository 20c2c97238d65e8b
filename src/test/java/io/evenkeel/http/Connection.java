package io.evenkeel.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// A connection to the service on this machine, on which bytes are sent when the test says so.
public final class Connection implements AutoCloseable {
  /// How long an answer may take before the service hangs.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Socket socket;
  private final InputStream in;

  public Connection(int port) throws IOException {
    this(port, "127.0.0.1");
  }

  /// @param from the client's own address, one of this machine's
  public Connection(int port, String from) throws IOException {
    this(new Socket(), port, from);
  }

  private Connection(Socket unconnected, int port, String from) throws IOException {
    socket = unconnected;
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
  }

  /// A connection by TLS, whatever the certificate is.
  public static Connection secure(int port) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new AnyCertificate()}, null);
    return new Connection(context.getSocketFactory().createSocket(), port, "127.0.0.1");
  }

  private static final class AnyCertificate extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.US_ASCII));
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /// A whole answer, or the head of one of status 1xx.
  ///
  /// @throws EOFException if the service closes the connection first
  public Answer answer() throws IOException {
    Answer answer = answerOrItsBeginning();
    if (answer.cut()) {
      throw new EOFException("the connection was closed within an answer");
    }
    return answer;
  }

  /// An answer, whose body the service may have broken off.
  ///
  /// @throws IOException if there is none
  public Answer answerOrItsBeginning() throws IOException {
    String[] status = line().split(" ", 3);
    Map<String, String> headers = headers();
    int code = Integer.parseInt(status[1]);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean whole;
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      whole = chunks(body);
    } else if (code < 200 || code == 204 || code == 304) {
      whole = true;
    } else {
      whole = take(Long.parseLong(headers.getOrDefault("content-length", "0")), body);
    }
    return new Answer(code, headers, body.toByteArray(), !whole);
  }

  /// The headers of the next answer, whose chunks are taken one by one.
  public Map<String, String> head() throws IOException {
    line();
    return headers();
  }

  /// The next chunk of an answer.
  public byte[] chunk() throws IOException {
    byte[] chunk = in.readNBytes(Integer.parseInt(line(), 16));
    line();
    return chunk;
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    return headers;
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

  /// Sends nothing more, and still reads.
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /// Ends it as a process that dies does.
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /// Whether the service closes it before it says anything more.
  public boolean isClosedNext() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException reset) {
      return true;
    }
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
