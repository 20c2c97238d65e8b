package io.evenkeel.security;

import io.evenkeel.http.ClientRates;
import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.Unauthenticated;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import reactor.core.publisher.Mono;

/// Limits how often an address may show a wrong credential, so that nobody can guess at the speed
/// of the service.
///
/// Above that rate all credentials of the address are refused unchecked: a right one must not look
/// different from a wrong one. Credentials that were right within the last minutes are still
/// checked, so that clients can go on that share an address with one that guesses, as behind a
/// proxy.
final class WrongCredentials {
  /// This is enough for a pipeline whose key was withdrawn, and hopeless against 2^128 keys.
  static final int PER_SECOND = 10;

  private static final long KNOWN_FOR = Duration.ofMinutes(10).toNanos();
  private static final int MOST_KNOWN = 10_000;
  private static final int BYTES_OF_NETWORK = 8;

  private final LongSupplier clock;
  private final ClientRates rates =
      new ClientRates(
          PER_SECOND,
          "More than "
              + PER_SECOND
              + " wrong credentials a second come from this address. Until there are fewer, only"
              + " credentials that were right within the last minutes are checked.");
  private final ConcurrentHashMap<Held, Long> known = new ConcurrentHashMap<>();

  /// A credential that was right, and the address it came from.
  private record Held(String address, ByteBuffer hash) {}

  /// @param clock nanoseconds, of any origin
  WrongCredentials(LongSupplier clock) {
    this.clock = clock;
  }

  /// Checks a credential, if its address may show one now.
  Mono<Authentication> counted(ShownCredential shown, Mono<? extends Authentication> look) {
    return Mono.defer(() -> {
      Held held = new Held(shown.address(), shown.comparableHash());
      Long until = known.get(held);
      long now = clock.getAsLong();
      if (until == null || until - now <= 0) {
        Optional<RequestException> refusal = rates.refuse(network(shown.address()), now);
        if (refusal.isPresent()) {
          return Mono.error(refusal.get());
        }
      }
      return look.<Authentication>map(found -> found)
          .doOnNext(_ -> remember(held, until, now))
          .onErrorMap(Unauthenticated.class, wrong -> count(held, wrong));
    });
  }

  private void remember(Held held, @Nullable Long until, long now) {
    if (until == null || until - now < KNOWN_FOR / 2) {
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      known.put(held, now + KNOWN_FOR);
    }
  }

  private RequestException count(Held held, Unauthenticated wrong) {
    known.remove(held);
    try {
      rates.count(network(held.address()), clock.getAsLong());
      return wrong;
    } catch (RequestException tooMany) {
      return tooMany;
    }
  }

  /// How many credentials were refused unchecked.
  long refused() {
    return rates.refused();
  }

  /// How many addresses and credentials are remembered.
  int held() {
    return known.size() + rates.clients();
  }

  /// The network of an address: a host has 2^64 addresses of IPv6, which share their first half.
  private static String network(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      StringBuilder network = new StringBuilder();
      for (int i = 0; i < Math.min(BYTES_OF_NETWORK, bytes.length); i++) {
        network.append(bytes[i]).append(':');
      }
      return network.toString();
    } catch (IllegalArgumentException noAddress) {
      return address;
    }
  }
}
