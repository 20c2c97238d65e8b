package io.evenkeel.http;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Which client the last requests of an address were counted for, by what they said of who sends
/// them. It serves to refuse and never to let in: of credentials no more is kept than a hash of 32
/// bits.
@Component
final class Senders {
  private static final int MOST = 10_000;

  private final ConcurrentHashMap<Said, String> clients = new ConcurrentHashMap<>();

  private record Said(@Nullable SocketAddress from, int hash) {}

  /// @param headers the first value of a header by its name, or null
  void remember(Channel channel, Function<String, @Nullable String> headers, String client) {
    Said said = said(channel, headers);
    if (!client.equals(clients.get(said))) {
      if (clients.size() >= MOST) {
        clients.clear();
      }
      clients.put(said, client);
    }
  }

  /// The client that a request counts for, if that is known.
  Optional<String> client(Channel channel, Function<String, @Nullable String> headers) {
    return Optional.ofNullable(clients.get(said(channel, headers)));
  }

  private static Said said(Channel channel, Function<String, @Nullable String> headers) {
    SocketAddress remote = channel.remoteAddress();
    return new Said(
        remote instanceof InetSocketAddress internet
            ? new InetSocketAddress(internet.getAddress(), 0)
            : remote,
        Objects.hash(
            headers.apply("Authorization"),
            headers.apply("X-API-Key"),
            headers.apply("Forwarded"),
            headers.apply("X-Forwarded-For")));
  }
}
