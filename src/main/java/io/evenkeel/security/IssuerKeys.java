package io.evenkeel.security;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// The public keys of an issuer, at most five minutes old.
///
/// | since they were fetched | they are                                                    |
/// |-------------------------|-------------------------------------------------------------|
/// | up to a minute          | used                                                        |
/// | up to five              | used, and fetched again beside that                         |
/// | more                    | fetched first; without an answer no token can be checked    |
///
/// For a token of an unknown key they are fetched at once. Whatever the reason, they are fetched at
/// most once in five seconds: anybody can send tokens of unknown keys.
final class IssuerKeys {
  static final Duration FRESH = Duration.ofMinutes(1);
  static final Duration HELD = Duration.ofMinutes(5);
  static final Duration BETWEEN = Duration.ofSeconds(5);

  private final Mono<JWKSet> issuer;
  private final LongSupplier clock;
  private volatile @Nullable Fetched known;
  private volatile boolean asking;
  private @Nullable Mono<Fetched> answer;
  private long askedAt;

  private record Fetched(JWKSet keys, long at) {}

  /// @param issuer asks the issuer at each subscription
  /// @param clock nanoseconds, of any origin
  IssuerKeys(Mono<JWKSet> issuer, LongSupplier clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /// The keys that may have signed a token; none if no key of the issuer fits. Fails if the keys
  /// are not known and the issuer does not answer.
  Flux<JWK> of(SignedJWT token) {
    return Flux.defer(() -> {
      JWKMatcher matcher = JWKMatcher.forJWSHeader(token.getHeader());
      if (matcher == null) {
        return Flux.empty();
      }
      JWKSelector selector = new JWKSelector(matcher);
      return usable()
          .flatMapMany(fetched -> {
            List<JWK> found = selector.select(fetched.keys());
            return found.isEmpty()
                ? newer(fetched).flatMapIterable(next -> selector.select(next.keys()))
                : Flux.fromIterable(found);
          });
    });
  }

  private Mono<Fetched> usable() {
    Fetched last = known;
    if (last == null || isOlder(last, HELD)) {
      return fetch();
    }
    if (isOlder(last, FRESH)) {
      var _ = fetch();
    }
    return Mono.just(last);
  }

  /// The keys that the issuer has now. The last ones stay if it was asked just before, or does not
  /// answer.
  private Mono<Fetched> newer(Fetched last) {
    return fetch().onErrorReturn(last);
  }

  private boolean isOlder(Fetched fetched, Duration age) {
    return clock.getAsLong() - fetched.at() >= age.toNanos();
  }

  /// The answer of the issuer: the one under way, or the last one if it is recent, or else a new
  /// one.
  private synchronized Mono<Fetched> fetch() {
    Mono<Fetched> last = answer;
    long now = clock.getAsLong();
    if (last != null && (asking || now - askedAt < BETWEEN.toNanos())) {
      return last;
    }
    askedAt = now;
    asking = true;
    Sinks.One<Fetched> next = Sinks.one();
    answer = next.asMono();
    issuer
        .map(keys -> new Fetched(keys, now))
        .switchIfEmpty(Mono.error(() -> new IllegalStateException("The issuer has no keys.")))
        .doFinally(_ -> asking = false)
        .subscribe(
            keys -> {
              known = keys;
              next.tryEmitValue(keys);
            },
            next::tryEmitError);
    return next.asMono();
  }
}
