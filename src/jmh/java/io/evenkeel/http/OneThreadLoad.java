package io.evenkeel.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One small request sent again and again over many connections by a single thread that never
/// sleeps, so that what it measures is the server's delay and not that of a thread to be woken. It
/// needs a processor for itself.
final class OneThreadLoad implements AutoCloseable {
  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_ANSWER = 1 << 16;

  private final Selector selector = Selector.open();
  private final List<Peer> peers = new ArrayList<>();
  private final ByteBuffer request;

  OneThreadLoad(int port, byte[] request, int connections) throws IOException {
    this.request = ByteBuffer.allocateDirect(request.length).put(request).flip();
    for (int i = 0; i < connections; i++) {
      SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      Peer peer = new Peer(channel);
      channel.register(selector, SelectionKey.OP_READ, peer);
      peers.add(peer);
    }
  }

  /// One connection with at most one request under way.
  private static final class Peer {
    private final SocketChannel channel;
    private final ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER);
    private long due;

    Peer(SocketChannel channel) {
      this.channel = channel;
    }

    void send(ByteBuffer request, long due) throws IOException {
      this.due = due;
      answer.clear();
      ByteBuffer rest = request.duplicate();
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }

    /// @return whether the answer is whole
    boolean receive() throws IOException {
      if (channel.read(answer) < 0) {
        throw new EOFException();
      }
      byte[] bytes = answer.array();
      int end = answer.position();
      int body = indexOf(HEAD_END, bytes, end);
      if (body < 0) {
        return false;
      }
      String head = new String(bytes, 0, body, StandardCharsets.US_ASCII);
      if (!head.startsWith("HTTP/1.1 200")) {
        throw new IOException(head);
      }
      int length = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
      if (length < 0) {
        return end >= LAST_CHUNK.length
            && Arrays.equals(LAST_CHUNK, 0, 7, bytes, end - LAST_CHUNK.length, end);
      }
      int line = head.indexOf('\r', length);
      String digits = head.substring(length + 16, line < 0 ? head.length() : line);
      return end == body + HEAD_END.length + Integer.parseInt(digits.strip());
    }

    private static int indexOf(byte[] wanted, byte[] bytes, int end) {
      for (int i = 0; i + wanted.length <= end; i++) {
        if (Arrays.equals(wanted, 0, wanted.length, bytes, i, i + wanted.length)) {
          return i;
        }
      }
      return -1;
    }
  }

  /// Each connection sends again as soon as it is answered.
  ///
  /// @return answers a second
  double peak(double seconds) throws IOException {
    long start = System.nanoTime();
    for (Peer peer : peers) {
      peer.send(request, start);
    }
    int answered = 0;
    int open = peers.size();
    while (open > 0) {
      selector.select();
      boolean ends = System.nanoTime() - start > seconds * 1e9;
      for (SelectionKey key : selector.selectedKeys()) {
        Peer peer = (Peer) key.attachment();
        if (peer.receive()) {
          answered++;
          if (ends) {
            open--;
          } else {
            peer.send(request, start);
          }
        }
      }
      selector.selectedKeys().clear();
    }
    return answered / ((System.nanoTime() - start) / 1e9);
  }

  /// Requests are due at fixed times, whether or not others are answered. One that finds every
  /// connection taken waits, and that counts.
  ///
  /// @return nanoseconds from when each was due to when it was answered, sorted
  long[] latencies(double rate, double seconds) throws IOException {
    long[] latencies = new long[(int) (rate * seconds)];
    ArrayDeque<Peer> free = new ArrayDeque<>(peers);
    long start = System.nanoTime();
    int sent = 0;
    int answered = 0;
    while (answered < latencies.length) {
      while (sent < latencies.length && !free.isEmpty()) {
        long due = start + (long) (sent / rate * 1e9);
        if (System.nanoTime() < due) {
          break;
        }
        free.pop().send(request, due);
        sent++;
      }
      selector.selectNow();
      for (SelectionKey key : selector.selectedKeys()) {
        Peer peer = (Peer) key.attachment();
        if (peer.receive()) {
          latencies[answered++] = System.nanoTime() - peer.due;
          free.push(peer);
        }
      }
      selector.selectedKeys().clear();
    }
    Arrays.sort(latencies);
    return latencies;
  }

  @Override
  public void close() throws IOException {
    for (Peer peer : peers) {
      peer.channel.close();
    }
    selector.close();
  }
}
