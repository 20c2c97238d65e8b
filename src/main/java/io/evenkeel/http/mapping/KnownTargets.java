package io.evenkeel.http.mapping;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.RequestPath;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.netty.http.server.HttpServerRequest;

/// The targets of the batches that came lately: their address, path and route. Spring reads an
/// address by its grammar, then its path, and compares the path with patterns. For a batch of one
/// row that takes about as long as reading its numbers, and most clients send to few targets.
///
/// Only what Spring has read is kept here, so an address means the same the second time. Who may
/// use a route is decided for each request. Requests by TLS, or with a prefix that a proxy names,
/// always take Spring's way to their route.
///
/// Each target has one place, and takes it from the one before. So the places are bounded, however
/// many targets there are. Safe for use by many threads.
final class KnownTargets {
  private static final int PLACES = 1 << 10;
  private static final int LONGEST = 512;

  private final AtomicReferenceArray<@Nullable Target> targets = new AtomicReferenceArray<>(PLACES);

  /// Where a request was sent.
  ///
  /// @param asked the target as its request line has it
  /// @param path of the address
  /// @param match its route, of the method POST
  record Target(
      String host,
      int port,
      String asked,
      URI address,
      RequestPath path,
      HandlerRoutes.Match match) {

    private boolean isOf(HttpServerRequest request) {
      return asked.equals(request.uri())
          && host.equals(request.hostName())
          && port == request.hostPort();
    }
  }

  /// The target of a request with the method POST, if it is known.
  Optional<Target> of(HttpServerRequest request) {
    Target target = targets.get(place(request.uri()));
    return target != null && target.isOf(request) && isPlain(request)
        ? Optional.of(target)
        : Optional.empty();
  }

  /// Keeps the target of a request with the method POST.
  ///
  /// @param read the same request as Spring has read it
  void keep(HttpServerRequest request, ServerHttpRequest read, HandlerRoutes.Match match) {
    if (request.uri().length() <= LONGEST && isPlain(request)) {
      targets.set(
          place(request.uri()),
          new Target(
              request.hostName(),
              request.hostPort(),
              request.uri(),
              read.getURI(),
              read.getPath(),
              match));
    }
  }

  private static boolean isPlain(HttpServerRequest request) {
    return request.scheme().equals("http") && request.forwardedPrefix() == null;
  }

  private static int place(String asked) {
    int hash = asked.hashCode();
    return (hash ^ hash >>> 16) & (PLACES - 1);
  }
}
