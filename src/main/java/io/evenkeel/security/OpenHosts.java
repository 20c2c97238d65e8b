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

/// The hosts to which a service without credentials answers.
///
/// The owner of a name can point it to this machine after a browser has loaded a page from it (DNS
/// rebinding). The page then has the service's own origin, and could do everything here. But it
/// cannot change the `Host` that the browser sends, which is that name.
///
/// | `Host`, with any port                  | answered                                      |
/// |----------------------------------------|-----------------------------------------------|
/// | `localhost` and `*.localhost`          | always: nobody can own them (RFC 6761)        |
/// | an address in 127.0.0.0/8, `[::1]`     | always                                        |
/// | another address                        | where the service listens beyond its machine  |
/// | a name or address of the setting       | always                                        |
/// | any other name                         | never                                         |
///
/// Nobody can point an address elsewhere, and the probes of a cluster call a service by its
/// address. A service that only this machine reaches does not need them.
final class OpenHosts {
  /// The sentence for the client.
  static final String RULE =
      "This service does not answer to the Host of the request. It is open to everybody who reaches"
          + " it, and answers only to localhost and to the names in evenkeel.http.hosts.";

  private static final String SUB = ".localhost";
  private static final Pattern HOST =
      Pattern.compile("(?<host>\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9_.-]+?)\\.?(:[0-9]*)?");
  private static final Pattern ADDRESS = Pattern.compile("\\[.+]|([0-9]{1,3}\\.){3}[0-9]{1,3}");

  private final Set<String> listed;
  private final boolean beyondThisMachine;

  /// The header of a request that was let in: most requests have the same one.
  private volatile String latest = "localhost";

  /// @param listed in lower case
  /// @param beyondThisMachine whether others than this machine reach the service
  OpenHosts(List<String> listed, boolean beyondThisMachine) {
    this.listed = Set.copyOf(listed);
    this.beyondThisMachine = beyondThisMachine;
  }

  /// Whether the request is for one of these hosts, by the header `Host` as it came: a page could
  /// set the headers in which a proxy names the host. A request without `Host` is from no browser.
  boolean include(ServerWebExchange exchange) {
    for (String host : exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.HOST)) {
      if (!host.equals(latest)) {
        if (!include(host)) {
          return false;
        }
        latest = host;
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

  /// The address of a literal. No name is looked up.
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
