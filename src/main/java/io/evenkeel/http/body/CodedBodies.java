package io.evenkeel.http.body;

import io.evenkeel.http.HttpSettings;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.http.problem.RequestException.EncodedBody;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Decompresses all bodies, and compresses the answers whose clients ask for it: whoever reads a
/// body or writes an answer does as if there were no codings.
@Component
final class CodedBodies implements WebFilter, Ordered {
  /// Behind those who say who the caller is and what memory the request may have.
  private static final int BEHIND_LOAD = 0;

  private final HttpSettings settings;

  CodedBodies(HttpSettings settings) {
    this.settings = settings;
  }

  @Override
  public int getOrder() {
    return BEHIND_LOAD;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    exchange.getResponse().getHeaders().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    Optional<EncodedBody> refusal = Codings.refusal(exchange);
    if (refusal.isPresent()) {
      return Mono.error(refusal.get());
    }
    Optional<Coding> received = Codings.received(request.getHeaders());
    Optional<Coding> answered =
        request.getMethod().equals(HttpMethod.HEAD)
            ? Optional.empty()
            : Codings.answered(request.getHeaders());
    if (received.isEmpty() && answered.isEmpty()) {
      return chain.filter(exchange);
    }
    ServerWebExchange.Builder plain = exchange.mutate();
    received.ifPresent(coding -> plain.request(decoded(request, coding)));
    answered.ifPresent(coding ->
        plain.response(
            new CodedResponse(
                exchange.getResponse(),
                coding,
                Codings.when(request),
                RequestMemory.of(request),
                request.getHeaders().getOrEmpty(HttpHeaders.IF_NONE_MATCH))));
    return chain.filter(plain.build());
  }

  private ServerHttpRequest decoded(ServerHttpRequest request, Coding coding) {
    HttpHeaders headers = HttpHeaders.copyOf(request.getHeaders());
    headers.remove(HttpHeaders.CONTENT_ENCODING);
    headers.remove(HttpHeaders.CONTENT_LENGTH);
    return new ServerHttpRequestDecorator(request) {
      @Override
      public HttpHeaders getHeaders() {
        return headers;
      }

      @Override
      public Flux<DataBuffer> getBody() {
        return DecodedBody.of(
            super.getBody(), coding, RequestMemory.of(this), settings.maxBodySize().toBytes());
      }
    };
  }
}
