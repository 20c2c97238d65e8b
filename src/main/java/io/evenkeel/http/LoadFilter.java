package io.evenkeel.http;

import io.evenkeel.normalizer.Mode;
import io.evenkeel.validation.Wire;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/// Refuses what the service could not hold, or what one client sends too often, before its body is
/// read. Training and inference have a budget each, so that neither shuts the other out.
@Component
final class LoadFilter implements WebFilter, Ordered {
  /// Behind the guards, who say who the caller is.
  private static final int BEHIND_SECURITY = -50;

  /// Which part of the heap bodies of one kind may have where nothing is said: what is read of them
  /// and what is answered takes two to eight times their bytes.
  private static final int PART_OF_HEAP = 12;

  /// What is held at a time of a body of any length.
  private static final long OF_PARTS = 8 << 20;

  private static final String OBSERVE = ":observe";

  private final BodyBudget inference;
  private final BodyBudget training;
  private final long mostBytes;
  private final ClientRates rates;

  LoadFilter(HttpSettings settings, MeterRegistry meters) {
    this.inference = budget(Mode.INFERENCE, settings, meters);
    this.training = budget(Mode.TRAINING, settings, meters);
    this.mostBytes = settings.maxBodySize().toBytes();
    this.rates = new ClientRates(settings.requestsPerSecond());
  }

  private static BodyBudget budget(Mode mode, HttpSettings settings, MeterRegistry meters) {
    long heap = Runtime.getRuntime().maxMemory();
    BodyBudget budget = new BodyBudget(settings.inFlight(mode).orElse(heap / PART_OF_HEAP));
    Gauge.builder("evenkeel.in.flight", budget, BodyBudget::held)
        .tag("mode", Wire.word(mode))
        .baseUnit("bytes")
        .description("Bodies that are being read or answered, as counted against their budget")
        .register(meters);
    FunctionCounter.builder("evenkeel.in.flight.refused", budget, BodyBudget::refused)
        .tag("mode", Wire.word(mode))
        .description("Requests that the budget had no room for")
        .register(meters);
    return budget;
  }

  @Override
  public int getOrder() {
    return BEHIND_SECURITY;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (!Caller.isKnown(exchange)) {
      return chain.filter(exchange);
    }
    String client = client(exchange);
    HttpMethod method = exchange.getRequest().getMethod();
    try {
      rates.count(client, System.nanoTime());
      if (!method.equals(HttpMethod.POST) && !method.equals(HttpMethod.PUT)) {
        return chain.filter(exchange);
      }
      BodyShare share = new BodyShare(budget(exchange), client, held(exchange.getRequest()));
      share.belongsTo(exchange);
      endsWith(exchange, share);
      return chain.filter(exchange);
    } catch (RequestException refused) {
      return Mono.error(refused);
    }
  }

  /// Once the answer is written, which is later than when it is handed on to be written.
  private static void endsWith(ServerWebExchange exchange, BodyShare share) {
    HttpServerResponse response =
        ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
    response.withConnection(
        operation -> operation.onTerminate().subscribe(null, _ -> share.end(), share::end));
  }

  /// How many bytes of a body will be held, as far as that can be told.
  private long held(ServerHttpRequest request) {
    long declared = request.getHeaders().getContentLength();
    return Math.min(declared, isReadInParts(request) ? OF_PARTS : mostBytes);
  }

  private static boolean isReadInParts(ServerHttpRequest request) {
    String type = request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
    String query = request.getURI().getRawQuery();
    return request.getPath().value().endsWith(OBSERVE)
        || (query != null && query.contains("batchRows="))
        || (type != null && (type.contains("ndjson") || type.contains("jsonl")));
  }

  private BodyBudget budget(ServerWebExchange exchange) {
    return kind(exchange) == Mode.TRAINING ? training : inference;
  }

  /// By the path and query as they are usually spelled: a mistake costs a place in the wrong
  /// budget.
  private static Mode kind(ServerWebExchange exchange) {
    String query = exchange.getRequest().getURI().getRawQuery();
    boolean trains =
        (query != null && query.contains("mode=training"))
            || exchange.getRequest().getPath().value().endsWith(OBSERVE);
    return trains ? Mode.TRAINING : Mode.INFERENCE;
  }

  private static String client(ServerWebExchange exchange) {
    return Caller.of(exchange)
        .actor()
        .orElseGet(() -> {
          InetSocketAddress remote = exchange.getRequest().getRemoteAddress();
          return remote == null ? "" : remote.getAddress().getHostAddress();
        });
  }
}
