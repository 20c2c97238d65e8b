package io.evenkeel.security;

import io.evenkeel.http.Caller;
import io.evenkeel.http.problem.RequestException.Unauthenticated;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// The requests under way of callers with a credential. When the credential is withdrawn, changed
/// or expired, they end: a stream could go on for ever. There is one entry for each such request.
///
/// The body of such a request fails as if the client had sent something wrong: a stream ends with
/// its last line, and the batches before stay counted. An answer that still goes on, since its
/// client reads slowly, is cut off some seconds later.
final class OpenRequests {
  private static final Duration UNTIL_CUT_OFF = Duration.ofSeconds(5);
  private static final int LOOKS_AT_A_TIME = 16;

  private final Credentials credentials;
  private final Clock clock;
  private final Set<Open> all = ConcurrentHashMap.newKeySet();

  OpenRequests(Credentials credentials, Clock clock) {
    this.credentials = credentials;
    this.clock = clock;
  }

  /// Carries out a request that was let in, as long as its credential is valid.
  Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return ReactiveSecurityContextHolder.getContext()
        .mapNotNull(SecurityContext::getAuthentication)
        .cast(CallerToken.class)
        .flatMap(caller -> {
          Open open = new Open(caller, exchange.getResponse());
          all.add(open);
          return Mono.firstWithSignal(chain.filter(open.within(exchange)), open.cutOff())
              .doFinally(_ -> all.remove(open));
        });
  }

  /// Ends the requests whose credentials are no longer valid.
  Mono<Void> lookAgain() {
    return Flux.fromIterable(all).flatMap(this::lookAgain, LOOKS_AT_A_TIME).then();
  }

  private Mono<Void> lookAgain(Open open) {
    return credentials
        .look(open.shown())
        .map(now -> open.isOf(now.caller()))
        .onErrorReturn(Unauthenticated.class, false)
        // a credential that cannot be checked at present ends its request only when it expires
        .onErrorReturn(true)
        .doOnNext(holds -> {
          if (!holds || open.caller.isOver(clock.instant())) {
            open.withdraw();
          }
        })
        .then();
  }

  /// A request under way.
  private static final class Open {
    private final CallerToken caller;
    private final ServerHttpResponse response;
    private final Sinks.Empty<Void> withdrawn = Sinks.empty();

    Open(CallerToken caller, ServerHttpResponse response) {
      this.caller = caller;
      this.response = response;
    }

    ShownCredential shown() {
      return (ShownCredential) Objects.requireNonNull(caller.getDetails());
    }

    boolean isOf(Caller now) {
      return caller.caller().equals(now);
    }

    void withdraw() {
      withdrawn.tryEmitError(
          new Unauthenticated("The credential was withdrawn or changed, or it has expired."));
    }

    ServerWebExchange within(ServerWebExchange exchange) {
      return exchange
          .mutate()
          .request(
              new ServerHttpRequestDecorator(exchange.getRequest()) {
                @Override
                public Flux<DataBuffer> getBody() {
                  return super.getBody()
                      .takeUntilOther(withdrawn.asMono())
                      .doOnDiscard(DataBuffer.class, DataBufferUtils::release);
                }
              })
          .build();
    }

    /// Fails if an answer goes on that should have ended. An answer that has not begun is not cut
    /// off: it tells the outcome of the request.
    Mono<Void> cutOff() {
      return withdrawn
          .asMono()
          .onErrorResume(cause ->
              Flux.interval(UNTIL_CUT_OFF)
                  .filter(_ -> response.isCommitted())
                  .next()
                  .then(Mono.error(cause)));
    }
  }
}
