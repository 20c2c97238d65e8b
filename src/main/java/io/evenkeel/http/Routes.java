package io.evenkeel.http;

import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/// The handlers of this service by method and path.
public interface Routes {

  /// The handler that a request reaches; empty if no handler of this service is at its method and
  /// path. It is looked for once: later calls for the same request give the same answer.
  Optional<Reached> reached(ServerWebExchange exchange);

  /// The handler that a request reaches, as far as permission depends on it.
  interface Reached {
    /// The role that the handler needs; empty if it is for everybody.
    Optional<Role> needed();

    /// The name of the normalizer in the path, as it was sent; empty if the path has none.
    Optional<String> name();
  }
}
