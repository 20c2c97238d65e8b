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

/// The public keys of an issuer, as they are now, within minutes.
///
/// | since they were fetched | they are                                                    |
/// |-------------------------|-------------------------------------------------------------|
/// | up to a minute          | used                                                        |
/// | up to five              | used, and fetched again beside that                         |
/// | more                    | fetched first; without an answer no token can be checked    |
///
/// A token of a key that is not among them has them fetched at once. Whatever the reason, they are
/// asked for once in five seconds at most: anybody can send tokens of unknown keys.
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

  /// @param issuer asks the issuer each time that it is subscribed to
  /// @param clock nanoseconds, of any origin
  IssuerKeys(Mono<JWKSet> issuer, LongSupplier clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /// The keys that may have signed a token; none if the issuer has none that fits. Fails if the
  /// issuer does not answer and its keys are not known.
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

  /// What the issuer has now, unless it has been asked just before, or does not answer.
  private Mono<Fetched> newer(Fetched last) {
    return fetch().onErrorReturn(last);
  }

  private boolean isOlder(Fetched fetched, Duration age) {
    return clock.getAsLong() - fetched.at() >= age.toNanos();
  }

  /// The last answer of the issuer, or the one to come: a new one if there is none under way and
  /// the last was some time ago.
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
