package io.evenkeel.http;

import io.evenkeel.fault.Wire;
import io.evenkeel.http.problem.RequestException.Forbidden;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/// Who sent a request, as `security` has found out before the request is looked at.
///
/// @param actor the name for the audit trail, with the kind of credential before it (`key:ann`,
///   `token:ann`); nobody has one where the service is open to all
/// @param prefix of the names of the only normalizers that the caller may reach; empty for all
public record Caller(Optional<String> actor, Role role, String prefix) {
  /// Whoever calls a service that is open to all.
  public static final Caller ANYBODY = new Caller(Optional.empty(), Role.ADMIN, "");

  private static final String ATTRIBUTE = Caller.class.getName();

  /// Who sent a request.
  public static Caller of(ServerWebExchange exchange) {
    return of(exchange.getRequest());
  }

  /// Who sent a request.
  public static Caller of(ServerHttpRequest request) {
    if (request.getAttributes().get(ATTRIBUTE) instanceof Caller caller) {
      return caller;
    }
    throw new IllegalStateException("Nobody has found out who sent this request");
  }

  /// Where a request comes from, by its connection or as a proxy says that is trusted.
  public static String address(ServerHttpRequest request) {
    InetSocketAddress remote = request.getRemoteAddress();
    if (remote == null) {
      return "";
    }
    // a proxy may name a client without an address
    return remote.isUnresolved() ? remote.getHostString() : remote.getAddress().getHostAddress();
  }

  /// What the client that sent a request is told from others by: its credential, and where there is
  /// none its address.
  public static String client(ServerWebExchange exchange) {
    return of(exchange).actor().orElseGet(() -> address(exchange.getRequest()));
  }

  /// Whether anybody has found out; of those who ask for what is open to all, nobody does.
  public static boolean isKnown(ServerWebExchange exchange) {
    return exchange.getRequest().getAttributes().containsKey(ATTRIBUTE);
  }

  /// Says that this is who sent a request.
  public void sent(ServerWebExchange exchange) {
    exchange.getRequest().getAttributes().put(ATTRIBUTE, this);
  }

  /// Fails unless the caller has a role.
  ///
  /// @throws Forbidden if not
  public void require(Role needed) {
    if (!role.includes(needed)) {
      throw new Forbidden(
          "This needs the role " + Wire.word(needed) + "; the caller has " + Wire.word(role) + ".");
    }
  }

  /// Fails unless the caller may reach a normalizer of this name, whether it exists or not.
  ///
  /// @throws Forbidden if not
  public void requireReach(String name) {
    if (!name.startsWith(prefix)) {
      throw new Forbidden(
          "The caller may reach only the normalizers whose names begin with " + prefix + ".");
    }
  }

  /// Of the names with a prefix, those that the caller may reach: they have the longer prefix, if
  /// there are any.
  public Optional<String> narrowed(String wanted) {
    if (wanted.startsWith(prefix)) {
      return Optional.of(wanted);
    }
    return prefix.startsWith(wanted) ? Optional.of(prefix) : Optional.empty();
  }
}
