package io.evenkeel.http.mapping;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.RequestPath;
import org.springframework.http.server.reactive.ServerHttpRequest;

/// The targets of the batches that came lately: their address, path and route. Spring reads an
/// address by its grammar, then its path, and compares the path with patterns. For a batch of one
/// row that takes about as long as reading its numbers, and most clients send to few targets.
///
/// Only what Spring has read is kept here, so an address means the same the second time. Who may
/// use a route is decided for each request. Requests by TLS always take Spring's way to their
/// route.
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
  /// @param host the header Host
  /// @param path of the address
  /// @param match its route, of the method POST
  record Target(
      String asked, String host, URI address, RequestPath path, HandlerRoutes.Match match) {}

  /// The target of a request with the method POST, if it is known.
  ///
  /// @param asked the target as its request line has it
  /// @param host the header Host
  Optional<Target> of(String asked, @Nullable String host) {
    Target target = targets.get(place(asked));
    return target != null && target.asked().equals(asked) && target.host().equals(host)
        ? Optional.of(target)
        : Optional.empty();
  }

  /// Keeps the target of a request with the method POST.
  ///
  /// @param request as Spring has read it
  /// @param asked the target as its request line has it
  void keep(ServerHttpRequest request, String asked, HandlerRoutes.Match match) {
    String host = request.getHeaders().getFirst(HttpHeaders.HOST);
    if (host != null && asked.length() <= LONGEST && "http".equals(request.getURI().getScheme())) {
      targets.set(
          place(asked), new Target(asked, host, request.getURI(), request.getPath(), match));
    }
  }

  private static int place(String asked) {
    int hash = asked.hashCode();
    return (hash ^ hash >>> 16) & (PLACES - 1);
  }
}
