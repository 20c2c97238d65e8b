package io.evenkeel.http.load;

import io.evenkeel.normalizer.Digest;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Which client the last requests of an address were counted for, by what they said of who sends
/// them. It serves to refuse and never to let in. Of credentials a hash is kept; not a short one,
/// for whoever found another of the same hash could have requests of others counted as its own, and
/// so refused.
@Component
public final class Senders {
  private static final int MOST = 10_000;

  /// What a client is told by: its credentials, and for whom a proxy speaks.
  private static final List<String> HEADERS =
      List.of("Authorization", "X-API-Key", "Forwarded", "X-Forwarded-For");

  /// How long nobody need look again, so that keys that are withdrawn or change hands count.
  private static final long LIFE = TimeUnit.SECONDS.toNanos(10);

  private final ConcurrentHashMap<Said, Known> clients = new ConcurrentHashMap<>();

  private record Said(@Nullable InetAddress from, Optional<Digest> words) {}

  private record Known(String client, long until) {}

  /// @param headers the first value of a header by its name, or null
  /// @param now nanoseconds, of any origin
  void remember(
      Channel channel, Function<String, @Nullable String> headers, String client, long now) {
    Said said = said(channel, headers);
    Known known = clients.get(said);
    if (known == null || !known.client().equals(client) || known.until() - now < LIFE / 2) {
      if (clients.size() >= MOST) {
        clients.clear();
      }
      clients.put(said, new Known(client, now + LIFE));
    }
  }

  /// The client that a request counts for, if that is known.
  Optional<String> client(Channel channel, Function<String, @Nullable String> headers, long now) {
    return Optional.ofNullable(clients.get(said(channel, headers)))
        .filter(known -> known.until() - now > 0)
        .map(Known::client);
  }

  private static Said said(Channel channel, Function<String, @Nullable String> headers) {
    InetAddress from =
        channel.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
    MessageDigest lines = null;
    for (String name : HEADERS) {
      String value = headers.apply(name);
      if (value != null) {
        lines = lines == null ? Digest.sha256() : lines;
        lines.update((name + ':' + value + '\n').getBytes(StandardCharsets.UTF_8));
      }
    }
    return new Said(from, Optional.ofNullable(lines).map(Digest::of));
  }
}
