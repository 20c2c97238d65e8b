package io.evenkeel.security;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Finds the metadata of an issuer (OpenID Connect Discovery 1.0, RFC 8414), and by that its keys.
final class IssuerAddress {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String issuer;
  private final WebClient client = WebClient.create();

  /// @param issuer the issuer as its tokens name it
  IssuerAddress(String issuer) {
    this.issuer = issuer;
  }

  /// Asks the issuer for its keys at each subscription. Fails if it does not answer, or names
  /// another issuer.
  Mono<JWKSet> keys() {
    return Flux.fromStream(this::places)
        .concatMap(this::metadata, 1)
        .next()
        .switchIfEmpty(Mono.error(() -> new IllegalStateException("It has no metadata.")))
        .flatMap(metadata -> text(URI.create(String.valueOf(metadata.get("jwks_uri")))))
        .map(IssuerAddress::keySet)
        .timeout(PATIENCE);
  }

  /// The places of the metadata: the issuer's path comes before or after the well-known one.
  private Stream<URI> places() {
    URI uri = URI.create(issuer);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/$", "");
    return Stream.of(
            path + "/.well-known/openid-configuration",
            "/.well-known/openid-configuration" + path,
            "/.well-known/oauth-authorization-server" + path)
        .distinct()
        .map(place -> UriComponentsBuilder.fromUri(uri).replacePath(place).build(true).toUri());
  }

  private Mono<Map<String, Object>> metadata(URI place) {
    return text(place)
        .onErrorResume(
            WebClientResponseException.class,
            e -> e.getStatusCode().is4xxClientError() ? Mono.empty() : Mono.error(e))
        .map(this::metadata);
  }

  private Map<String, Object> metadata(String json) {
    try {
      Map<String, Object> metadata = JSONObjectUtils.parse(json);
      Object named = metadata.get("issuer");
      if (!issuer.equals(named)) {
        throw new IllegalStateException(
            "The issuer at " + issuer + " calls itself " + named + " in its metadata.");
      }
      return metadata;
    } catch (ParseException e) {
      throw new IllegalStateException("The metadata of " + issuer + " cannot be read.", e);
    }
  }

  private static JWKSet keySet(String json) {
    try {
      return JWKSet.parse(json);
    } catch (ParseException e) {
      throw new IllegalStateException("The keys of the issuer cannot be read.", e);
    }
  }

  private Mono<String> text(URI place) {
    return client.get().uri(place).retrieve().bodyToMono(String.class);
  }
}
