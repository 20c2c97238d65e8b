package io.evenkeel.security;

import io.evenkeel.http.Caller;
import io.evenkeel.http.Callers;
import io.evenkeel.http.problem.RequestException.Unauthenticated;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Reads the credential of a request, `Authorization: Bearer ..` or `X-API-Key: ..`, and checks it:
/// as a key, or else as a token of the issuer.
final class Credentials implements ServerAuthenticationConverter, ReactiveAuthenticationManager {
  private static final String API_KEY = "X-API-Key";
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([\\x21-\\x7e]{1,8192}) *");

  /// The form of every signed token: three parts with dots between them.
  private static final Pattern TOKEN =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

  private final KeyRing keys;
  private final Optional<IssuedTokens> tokens;
  private final WrongCredentials wrong;

  Credentials(KeyRing keys, Optional<IssuedTokens> tokens, WrongCredentials wrong) {
    this.keys = keys;
    this.tokens = tokens;
    this.wrong = wrong;
  }

  @Override
  public Mono<Authentication> convert(ServerWebExchange exchange) {
    HttpHeaders headers = exchange.getRequest().getHeaders();
    List<String> authorizations = headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
    List<String> apiKeys = headers.getOrEmpty(API_KEY);
    if (authorizations.isEmpty() && apiKeys.isEmpty()) {
      return Mono.empty();
    }
    if (authorizations.size() + apiKeys.size() > 1) {
      return Mono.error(
          new Unauthenticated("The request has more than one credential; send only one."));
    }
    if (!apiKeys.isEmpty()) {
      return Mono.just(shown(nonEmpty(apiKeys.getFirst()), exchange));
    }
    Matcher bearer = BEARER.matcher(authorizations.getFirst());
    return bearer.matches()
        ? Mono.just(shown(bearer.group(1), exchange))
        : Mono.error(
            new Unauthenticated("The header Authorization has to be Bearer and a key or token."));
  }

  private static Authentication shown(String text, ServerWebExchange exchange) {
    return new ShownCredential(text, Callers.address(exchange.getRequest()));
  }

  private static String nonEmpty(String key) {
    if (key.isBlank()) {
      throw new Unauthenticated("The header X-API-Key is empty.");
    }
    return key.strip();
  }

  @Override
  public Mono<Authentication> authenticate(Authentication shown) {
    ShownCredential credential = (ShownCredential) shown;
    return wrong
        .counted(credential, Mono.defer(() -> look(credential)))
        .doOnNext(known -> ((CallerToken) known).setDetails(credential));
  }

  /// Checks a credential. A wrong one is not counted.
  Mono<CallerToken> look(ShownCredential shown) {
    Optional<Caller> owner = keys.find(shown.hash());
    if (owner.isPresent()) {
      return Mono.just(new CallerToken(owner.get(), Optional.empty()));
    }
    return tokens.isPresent() && TOKEN.matcher(shown.text()).matches()
        ? tokens.get().authenticate(shown.text())
        : Mono.error(new Unauthenticated("The key is not known here."));
  }
}
