package io.evenkeel.http;

import java.net.InetSocketAddress;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/// Who sent a request. `security` finds out and keeps the caller with the request; everybody else
/// reads it there.
public final class Callers {
  private static final String ATTRIBUTE = Caller.class.getName();

  private Callers() {}

  /// Keeps the caller with a request.
  public static void keep(Caller caller, ServerWebExchange exchange) {
    exchange.getRequest().getAttributes().put(ATTRIBUTE, caller);
  }

  /// Who sent a request.
  ///
  /// @throws IllegalStateException if nobody has found out
  public static Caller of(ServerWebExchange exchange) {
    return of(exchange.getRequest());
  }

  /// Who sent a request.
  ///
  /// @throws IllegalStateException if nobody has found out
  public static Caller of(ServerHttpRequest request) {
    if (request.getAttributes().get(ATTRIBUTE) instanceof Caller caller) {
      return caller;
    }
    throw new IllegalStateException("Nobody has found out who sent this request");
  }

  /// Whether the caller is known. At a handler for everybody nobody asks who calls.
  public static boolean isKnown(ServerWebExchange exchange) {
    return exchange.getRequest().getAttributes().containsKey(ATTRIBUTE);
  }

  /// What tells one client from another: its credential, and without one its address.
  public static String client(ServerWebExchange exchange) {
    return of(exchange).actor().orElseGet(() -> address(exchange.getRequest()));
  }

  /// The address that a request comes from: that of the connection, or the one that a trusted proxy
  /// names.
  public static String address(ServerHttpRequest request) {
    InetSocketAddress remote = request.getRemoteAddress();
    if (remote == null) {
      return "";
    }
    // a proxy may name a client without an address
    return remote.isUnresolved() ? remote.getHostString() : remote.getAddress().getHostAddress();
  }
}
