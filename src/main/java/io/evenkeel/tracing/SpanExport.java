package io.evenkeel.tracing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends spans to a collector, on a thread of its own. Requests never wait for it: what does not
/// fit in the queue is dropped, and so is what the collector does not take.
final class SpanExport implements AutoCloseable {
  /// How many requests wait to be sent at most; their spans take about 2 MB.
  static final int QUEUE = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(SpanExport.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final BlockingQueue<List<Span>> waiting = new ArrayBlockingQueue<>(QUEUE);
  private final LongAdder dropped = new LongAdder();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI endpoint;
  private final Thread thread;
  private volatile boolean closed;
  private long toldAt = System.nanoTime() - QUIET.toNanos();

  /// @param endpoint takes OTLP by HTTP, `http://localhost:4318/v1/traces`
  SpanExport(URI endpoint) {
    this.endpoint = endpoint;
    this.thread = Thread.ofPlatform().daemon().name("traces").start(this::run);
  }

  /// The spans of a request, for the next batch that is sent.
  void offer(List<Span> spans) {
    if (!waiting.offer(spans)) {
      dropped.increment();
    }
  }

  /// How many requests have been dropped.
  long dropped() {
    return dropped.sum();
  }

  private void run() {
    try {
      while (!closed || !waiting.isEmpty()) {
        List<Span> first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          List<List<Span>> taken = new ArrayList<>(List.of(first));
          waiting.drainTo(taken, QUEUE / 4);
          send(taken);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(List<List<Span>> requests) throws InterruptedException {
    byte[] body = OtlpBytes.of(requests.stream().flatMap(List::stream).toList());
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status / 100 != 2) {
        lost(requests.size(), "it answers " + status);
      }
    } catch (IOException e) {
      lost(requests.size(), e.toString());
    }
  }

  private void lost(int requests, String reason) {
    dropped.add(requests);
    if (System.nanoTime() - toldAt >= QUIET.toNanos()) {
      toldAt = System.nanoTime();
      LOG.warn("The traces of {} requests by now were lost: {} {}", dropped(), endpoint, reason);
    }
  }

  /// Sends what waits, and ends.
  @Override
  public void close() {
    closed = true;
    try {
      if (!thread.join(PATIENCE)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
