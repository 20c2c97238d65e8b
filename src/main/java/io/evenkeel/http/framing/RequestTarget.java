package io.evenkeel.http.framing;

import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.BrokenRequest;
import io.evenkeel.http.problem.RequestException.Misdirected;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The target of a request. It is a path, or an address in absolute form: then the host of the
/// address takes the place of the header `Host` (RFC 9112, 3.2.2). Whoever reads the request later
/// sees only a path and a host, so that there is one place to look at for each rule.
final class RequestTarget {
  private static final Pattern ABSOLUTE =
      Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<host>[^/?#]*)(?<path>.*)");

  private RequestTarget() {}

  /// Makes a path and a host of an address.
  ///
  /// @param request whose head is without a fault otherwise
  /// @param isSecure whether it came by TLS
  /// @return why it is refused, if it is
  static Optional<RequestException> resolve(HttpRequest request, boolean isSecure) {
    String target = request.uri();
    if (target.startsWith("/") || isForWholeServer(request)) {
      return Optional.empty();
    }
    Matcher address = ABSOLUTE.matcher(target);
    if (!address.matches() || !RequestHead.isHost(address.group("host"))) {
      return Optional.of(
          new BrokenRequest("The request's target must be a path, or an address with a host."));
    }
    String scheme = isSecure ? "https" : "http";
    if (!address.group("scheme").toLowerCase(Locale.ROOT).equals(scheme)) {
      return Optional.of(
          new Misdirected(
              "The request's target is an address with another scheme than its connection, which is"
                  + " "
                  + scheme
                  + "."));
    }
    String path = address.group("path");
    request.setUri(path.startsWith("/") ? path : "/" + path);
    request.headers().set(HttpHeaderNames.HOST, address.group("host"));
    return Optional.empty();
  }

  private static boolean isForWholeServer(HttpRequest request) {
    return request.uri().equals("*") && request.method().equals(HttpMethod.OPTIONS);
  }
}
