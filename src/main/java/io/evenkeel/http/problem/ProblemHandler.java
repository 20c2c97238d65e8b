package io.evenkeel.http.problem;

import io.evenkeel.http.network.NetworkRequest;
import io.netty.channel.Channel;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/// Answers every failed request with a problem document, whatever the request accepts, or with the
/// [ErrorBody] of another protocol.
@Component
@Order(ProblemHandler.BEFORE_THE_DEFAULT)
public final class ProblemHandler implements ErrorWebExceptionHandler {
  static final int BEFORE_THE_DEFAULT = -2;

  private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

  private final JsonMapper json;

  ProblemHandler(JsonMapper json) {
    this.json = json;
    Hooks.onErrorDropped(ProblemHandler::dropped);
  }

  /// Logs a failure of the service that comes when nobody listens any more. A refusal is none, nor
  /// is a client that went away, whose error Reactor Netty raises a second time. Nor is work on an
  /// answer that was given up meanwhile: its worker takes none any more.
  private static void dropped(Throwable error) {
    if (Problems.typeOf(error) == ProblemType.INTERNAL_ERROR
        && !Problems.isClientGone(error)
        && !(error instanceof RejectedExecutionException)) {
      LOG.error("An error came after the end", error);
    }
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
    ServerHttpResponse response = exchange.getResponse();
    if (Problems.isClientGone(error)) {
      return Mono.empty();
    }
    ProblemType type = Problems.typeOf(error);
    if (response.isCommitted()) {
      logged(exchange.getRequest(), error);
      cutOff(exchange.getRequest());
      return Mono.empty();
    }
    ErrorBody body = body(exchange.getRequest(), error);
    HttpHeaders headers = response.getHeaders();
    headers.set(HttpHeaders.CONTENT_TYPE, body.mediaType());
    response.setStatusCode(type.status());
    if (error instanceof MethodNotAllowedException e) {
      headers.setAllow(java.util.Set.copyOf(e.getSupportedMethods()));
    }
    if (type == ProblemType.UNAUTHENTICATED) {
      headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"evenkeel\"");
    }
    if (type.mayBeRetried()) {
      headers.set(HttpHeaders.RETRY_AFTER, ProblemType.RETRY_AFTER_SECONDS);
    }
    headers.setContentLength(body.bytes().length);
    DataBuffer buffer = response.bufferFactory().wrap(body.bytes());
    return HttpMethod.HEAD.equals(exchange.getRequest().getMethod())
        ? response.setComplete()
        : response.writeWith(Mono.just(buffer));
  }

  /// The problem document of an error. A failure of the service itself is logged.
  public byte[] document(ServerHttpRequest request, Throwable error) {
    logged(request, error);
    return json.writeValueAsBytes(Problems.of(error, request.getPath().value()));
  }

  private ErrorBody body(ServerHttpRequest request, Throwable error) {
    logged(request, error);
    Problem told = Problems.of(error, request.getPath().value());
    return ErrorBody.of(told, ErrorBody.isInOneText(request), json);
  }

  private static void logged(ServerHttpRequest request, Throwable error) {
    if (Problems.typeOf(error) == ProblemType.INTERNAL_ERROR) {
      LOG.error("{} {} failed", request.getMethod(), request.getPath().value(), error);
    }
  }

  /// Closes the connection: an answer that has begun cannot tell of a failure in any other way, and
  /// its reader sees that it has no end. This is not left to Spring and Reactor Netty, which would
  /// each log an error, whoever's fault it is.
  private static void cutOff(ServerHttpRequest request) {
    Channel channel = NetworkRequest.of(request).channel().flush();
    var _ = channel.close();
  }
}
