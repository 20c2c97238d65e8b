package io.evenkeel.http.network;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.http.server.HttpServerRequest;

/// What Spring does not show of a request: its connection, its headers as they came, and the end of
/// its answer.
public interface NetworkRequest {
  /// The connection. Ask on its event loop: later it may be at the next request.
  Channel channel();

  /// The headers as the client sent them. Spring may have removed those of a proxy.
  HttpHeaders headers();

  /// Whether all of the body has come. Reactor Netty does not tell, so that this is false for the
  /// requests that it reads.
  boolean isWhole();

  /// Whether its connection may be left unread after it.
  boolean mayBeLeftUnread();

  /// Runs an action once the answer is written or the client has gone. Writing ends later than the
  /// work on the answer.
  void onEnd(Runnable action);

  /// The network's side of a request.
  static NetworkRequest of(ServerHttpRequest request) {
    Object begun = ServerHttpRequestDecorator.getNativeRequest(request);
    return begun instanceof NetworkRequest taken
        ? taken
        : new OfReactorNetty((HttpServerRequest) begun);
  }

  /// A request that Reactor Netty reads.
  record OfReactorNetty(HttpServerRequest request) implements NetworkRequest {
    @Override
    public Channel channel() {
      AtomicReference<Channel> channel = new AtomicReference<>();
      request.withConnection(connection -> channel.set(connection.channel()));
      return Objects.requireNonNull(channel.get());
    }

    @Override
    public HttpHeaders headers() {
      return request.requestHeaders();
    }

    @Override
    public boolean isWhole() {
      return false;
    }

    /// Reactor Netty reads when it wants to.
    @Override
    public boolean mayBeLeftUnread() {
      return false;
    }

    @Override
    public void onEnd(Runnable action) {
      request.withConnection(
          connection -> connection.onTerminate().subscribe(null, _ -> action.run(), action));
    }
  }
}
