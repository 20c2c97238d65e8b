package io.evenkeel.security;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The hosts to which an open service answers besides those of its machine.
///
/// @param hosts names without a port, or addresses, IPv6 ones in brackets
@ConfigurationProperties("evenkeel.http")
record HostSettings(@DefaultValue List<String> hosts) {
  private static final Pattern HOST = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*|\\[[0-9a-f:.]+]");

  /// Refuses a text that no client sends as a host.
  HostSettings {
    hosts = hosts.stream().map(host -> host.strip().toLowerCase(Locale.ROOT)).toList();
    for (String host : hosts) {
      if (!HOST.matcher(host).matches()) {
        throw new IllegalArgumentException(
            "evenkeel.http.hosts holds "
                + host
                + "; each has to be the name of a host (letters, digits, hyphens and dots) or its"
                + " address, without a port, an address of IPv6 in brackets");
      }
    }
  }
}
