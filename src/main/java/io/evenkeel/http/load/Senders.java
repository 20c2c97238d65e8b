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

/// Remembers for which client a request was counted, by its address and by its headers that say who
/// sends it. This is used to refuse, and never to let anybody in. Credentials are kept as a hash of
/// 16 bytes: with a short hash, somebody could find another credential of the same hash and have
/// requests counted for a stranger.
@Component
public final class Senders {
  private static final int MOST = 10_000;

  /// The headers that tell clients apart: their credentials, and the client for which a proxy
  /// speaks.
  private static final List<String> HEADERS =
      List.of("Authorization", "X-API-Key", "Forwarded", "X-Forwarded-For");

  /// How long a client is remembered. After that a withdrawn or changed key is noticed.
  private static final long LIFE = TimeUnit.SECONDS.toNanos(10);

  private final ConcurrentHashMap<Said, Known> clients = new ConcurrentHashMap<>();

  private record Said(@Nullable InetAddress from, Optional<Digest> words) {}

  private record Known(String client, long until) {}

  /// @param headers gives the first value of a header, or null
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

  /// The client for which a request counts; empty if it is not known.
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
