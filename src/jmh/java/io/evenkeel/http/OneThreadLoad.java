package io.evenkeel.http;

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
import java.util.Map;
import java.util.TreeMap;

/// One request sent again and again over many connections by a single thread that never sleeps, so
/// that what it measures is the server's delay and not that of a thread to be woken. It needs a
/// processor for itself.
final class OneThreadLoad implements AutoCloseable {
  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int OK = 200;

  private final Selector selector = Selector.open();
  private final List<Peer> peers = new ArrayList<>();
  private final InetSocketAddress service;
  private final ByteBuffer request;
  private final ByteBuffer received = ByteBuffer.allocate(1 << 20);

  OneThreadLoad(int port, byte[] request, int connections) throws IOException {
    this.service = new InetSocketAddress("127.0.0.1", port);
    this.request = ByteBuffer.allocateDirect(request.length).put(request).flip();
    for (int i = 0; i < connections; i++) {
      peers.add(new Peer());
    }
  }

  /// What became of requests that were due at fixed times.
  ///
  /// @param due how many
  /// @param answers how many of them were answered, by status
  /// @param broken how many found their connection closed before they were answered
  /// @param seconds until the last was answered
  record Offered(long due, Map<Integer, Integer> answers, int broken, double seconds) {}

  /// One connection after the other, each with at most one request under way.
  private final class Peer {
    private final ByteBuffer rest = request.duplicate();
    private byte[] answer = new byte[0];
    private SocketChannel channel;
    private long due;
    private boolean waits;

    Peer() throws IOException {
      connect();
    }

    void connect() throws IOException {
      if (channel != null) {
        channel.close();
      }
      channel = SocketChannel.open(service);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
      waits = false;
    }

    void send(long due) throws IOException {
      this.due = due;
      waits = true;
      answer = new byte[0];
      rest.rewind();
      sendOn();
    }

    /// Sends as much as the service takes.
    private void sendOn() throws IOException {
      channel.write(rest);
      int wanted = SelectionKey.OP_READ | (rest.hasRemaining() ? SelectionKey.OP_WRITE : 0);
      SelectionKey key = channel.keyFor(selector);
      if (key.interestOps() != wanted) {
        key.interestOps(wanted);
      }
    }

    /// Goes on with what can be gone on with.
    ///
    /// @return the status, once the answer is whole; 0 before
    /// @throws IOException if the connection is closed before
    int progress() throws IOException {
      if (rest.hasRemaining()) {
        sendOn();
      }
      received.clear();
      int read = channel.read(received);
      if (read < 0) {
        throw new IOException("closed");
      }
      byte[] bytes = received.array();
      int end = read;
      if (answer.length > 0) {
        bytes = Arrays.copyOf(answer, answer.length + read);
        System.arraycopy(received.array(), 0, bytes, answer.length, read);
        end = bytes.length;
      }
      int status = status(bytes, end);
      waits = status == 0;
      if (status == 0) {
        answer = Arrays.copyOf(bytes, end);
      } else if (rest.hasRemaining()) {
        // answered before it was read: what is left of the body is no request
        connect();
      }
      return status;
    }

    private static int status(byte[] bytes, int end) {
      int body = indexOf(HEAD_END, bytes, end);
      if (body < 0) {
        return 0;
      }
      String head = new String(bytes, 0, body, StandardCharsets.US_ASCII);
      int length = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
      boolean whole;
      if (length < 0) {
        whole =
            end >= LAST_CHUNK.length
                && Arrays.equals(LAST_CHUNK, 0, 7, bytes, end - LAST_CHUNK.length, end);
      } else {
        int line = head.indexOf('\r', length);
        String digits = head.substring(length + 16, line < 0 ? head.length() : line);
        whole = end == body + HEAD_END.length + Integer.parseInt(digits.strip());
      }
      return whole ? Integer.parseInt(head.substring(9, 12)) : 0;
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

  private static void assertAnswered(int status) throws IOException {
    if (status != OK) {
      throw new IOException("status " + status);
    }
  }

  /// Each connection sends again as soon as it is answered.
  ///
  /// @return answers a second
  double peak(double seconds) throws IOException {
    long start = System.nanoTime();
    for (Peer peer : peers) {
      peer.send(start);
    }
    int answered = 0;
    int open = peers.size();
    while (open > 0) {
      selector.select();
      boolean ends = System.nanoTime() - start > seconds * 1e9;
      for (SelectionKey key : selector.selectedKeys()) {
        Peer peer = (Peer) key.attachment();
        int status = peer.progress();
        if (status != 0) {
          assertAnswered(status);
          answered++;
          if (ends) {
            open--;
          } else {
            peer.send(start);
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
        free.pop().send(due);
        sent++;
      }
      selector.selectNow();
      for (SelectionKey key : selector.selectedKeys()) {
        Peer peer = (Peer) key.attachment();
        int status = peer.progress();
        if (status != 0) {
          assertAnswered(status);
          latencies[answered++] = System.nanoTime() - peer.due;
          free.push(peer);
        }
      }
      selector.selectedKeys().clear();
    }
    Arrays.sort(latencies);
    return latencies;
  }

  /// Requests are due at fixed times, more than the service may be able to answer; one that finds
  /// every connection taken is given up.
  Offered offer(double rate, double seconds) throws IOException {
    Map<Integer, Integer> answers = new TreeMap<>();
    ArrayDeque<Peer> free = new ArrayDeque<>(peers);
    int broken = 0;
    long due = 0;
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    for (long now = start; now < end || free.size() < peers.size(); now = System.nanoTime()) {
      long until = (long) ((Math.min(now, end) - start) / 1e9 * rate);
      for (; due < until; due++) {
        if (!free.isEmpty()) {
          free.poll().send(now);
        }
      }
      selector.selectNow();
      for (SelectionKey key : selector.selectedKeys()) {
        Peer peer = (Peer) key.attachment();
        try {
          int status = peer.progress();
          if (status != 0) {
            answers.merge(status, 1, Integer::sum);
            free.add(peer);
          }
        } catch (IOException closed) {
          if (peer.waits) {
            broken++;
            free.add(peer);
          }
          peer.connect();
        }
      }
      selector.selectedKeys().clear();
    }
    return new Offered(due, answers, broken, (System.nanoTime() - start) / 1e9);
  }

  @Override
  public void close() throws IOException {
    for (Peer peer : peers) {
      peer.channel.close();
    }
    selector.close();
  }
}
