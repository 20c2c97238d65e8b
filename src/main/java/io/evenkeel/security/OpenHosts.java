package io.evenkeel.security;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/// The hosts that a service without credentials answers to.
///
/// Whoever owns a name can point it to this machine once a browser has loaded a page from it (DNS
/// rebinding). The page is then of the service's own origin, and might do everything here. It
/// cannot change what the browser sends as `Host`: the name.
///
/// | `Host`, with any port                  | answered                                      |
/// |----------------------------------------|-----------------------------------------------|
/// | `localhost` and `*.localhost`          | always: nobody can own them (RFC 6761)        |
/// | an address in 127.0.0.0/8, `[::1]`     | always                                        |
/// | another address                        | where the service listens beyond its machine  |
/// | a name or address of the setting       | always                                        |
/// | any other name                         | never                                         |
///
/// Other addresses are no names, so that nobody can point them elsewhere; probes of a cluster call
/// a service by them. On this machine alone nobody needs them.
final class OpenHosts {
  /// What a client is told.
  static final String RULE =
      "This service does not answer to the Host of the request: it is open to everybody who reaches"
          + " it, and answers to localhost and to the names in evenkeel.http.hosts.";

  private static final String SUB = ".localhost";
  private static final Pattern HOST =
      Pattern.compile("(?<host>\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9_.-]+?)\\.?(:[0-9]*)?");
  private static final Pattern ADDRESS = Pattern.compile("\\[.+]|([0-9]{1,3}\\.){3}[0-9]{1,3}");

  private final Set<String> listed;
  private final boolean beyondThisMachine;

  /// @param listed in lower case
  /// @param beyondThisMachine whether others than this machine reach the service
  OpenHosts(List<String> listed, boolean beyondThisMachine) {
    this.listed = Set.copyOf(listed);
    this.beyondThisMachine = beyondThisMachine;
  }

  /// Whether the request is for one of them. By the header as it came: what a proxy says of the
  /// host in others, a page could say as well. One without any is from no browser.
  boolean include(ServerWebExchange exchange) {
    for (String host : exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.HOST)) {
      if (!include(host)) {
        return false;
      }
    }
    return true;
  }

  private boolean include(String header) {
    Matcher parts = HOST.matcher(header);
    if (!parts.matches()) {
      return false;
    }
    String host = parts.group("host").toLowerCase(Locale.ROOT);
    return host.equals("localhost")
        || (host.endsWith(SUB) && host.length() > SUB.length())
        || listed.contains(host)
        || address(host).filter(this::isAnswered).isPresent();
  }

  private boolean isAnswered(InetAddress address) {
    return beyondThisMachine || address.isLoopbackAddress();
  }

  /// What a literal means; no name is looked up.
  private static Optional<InetAddress> address(String host) {
    if (!ADDRESS.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }
}
