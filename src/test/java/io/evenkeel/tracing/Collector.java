package io.evenkeel.tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// Takes spans by OTLP over HTTP, and reads them by OpenTelemetry's own classes.
final class Collector implements AutoCloseable {
  private final HttpServer server;
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final List<String> services = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  Collector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces");
  }

  /// Answers this from now on.
  void answer(int code) {
    status = code;
  }

  /// Takes requests from now on, but does not answer them until the gate is open.
  CountDownLatch stall() {
    CountDownLatch closed = new CountDownLatch(1);
    gate = closed;
    return closed;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      gate.await();
      if (status == 200
          && exchange
              .getRequestHeaders()
              .getFirst("Content-Type")
              .equals("application/x-protobuf")) {
        for (ResourceSpans resource :
            ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
          services.add(resource.getResource().getAttributes(0).getValue().getStringValue());
          resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
        }
      }
      exchange.sendResponseHeaders(status, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  List<String> services() {
    return services;
  }

  /// All spans of a trace that came.
  List<Span> of(String traceId) {
    List<Span> found = new ArrayList<>(spans);
    found.removeIf(span -> !hex(span.getTraceId().toByteArray()).equals(traceId));
    return found;
  }

  List<Span> all() {
    return spans;
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
  }
}
