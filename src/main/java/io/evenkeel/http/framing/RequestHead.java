package io.evenkeel.http.framing;

import io.evenkeel.http.problem.RequestException.BrokenRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The rules of HTTP for the head of a request that Netty does not check (RFC 9112, 3.2 and 6.1).
public final class RequestHead {
  private static final Pattern HOST =
      Pattern.compile(
          "(?:\\[[0-9A-Fa-f:.]+(?:%25[A-Za-z0-9._~-]+)?]|(?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2})+)"
              + "(?::([0-9]{0,5}))?");

  private static final int LAST_PORT = 65535;

  private RequestHead() {}

  /// What is wrong with the head, if anything is.
  public static Optional<BrokenRequest> fault(HttpRequest request) {
    return host(request).or(() -> transferEncoding(request));
  }

  /// A request has one valid header Host. A request of HTTP/1.0 may have none: some load balancers
  /// send such checks.
  private static Optional<BrokenRequest> host(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty()) {
      return request.protocolVersion().equals(HttpVersion.HTTP_1_0)
          ? Optional.empty()
          : Optional.of(new BrokenRequest("The request has no header Host."));
    }
    if (hosts.size() > 1) {
      return Optional.of(new BrokenRequest("The request has more than one header Host."));
    }
    return isHost(hosts.getFirst())
        ? Optional.empty()
        : Optional.of(
            new BrokenRequest(
                "The header Host must be one name or address, with or without a port."));
  }

  /// Whether this is one name or address, with or without a port.
  static boolean isHost(String host) {
    return isUsual(host) || isValid(host);
  }

  /// Whether a host is nothing but letters, digits, points and dashes, with or without a port of
  /// four or five digits below 60,000. Most are, and the pattern takes long.
  private static boolean isUsual(String host) {
    int colon = host.indexOf(':');
    int end = colon < 0 ? host.length() : colon;
    for (int i = 0; i < end; i++) {
      char c = host.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-')) {
        return false;
      }
    }
    for (int i = end + 1; i < host.length(); i++) {
      if (host.charAt(i) < '0' || host.charAt(i) > '9') {
        return false;
      }
    }
    int digits = host.length() - end - 1;
    return end > 0 && (colon < 0 || digits == 4 || (digits == 5 && host.charAt(end + 1) < '6'));
  }

  private static boolean isValid(String host) {
    Matcher matcher = HOST.matcher(host);
    if (!matcher.matches()) {
      return false;
    }
    String port = matcher.group(1);
    return port == null || (!port.isEmpty() && Integer.parseInt(port) <= LAST_PORT);
  }

  /// Netty accepts `gzip, chunked` and leaves the gzip in the body.
  private static Optional<BrokenRequest> transferEncoding(HttpRequest request) {
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return codings.isEmpty()
            || (codings.size() == 1
                && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst().strip()))
        ? Optional.empty()
        : Optional.of(
            new BrokenRequest("The header Transfer-Encoding must be chunked and nothing else."));
  }
}
