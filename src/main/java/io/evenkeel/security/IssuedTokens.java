package io.evenkeel.security;

import io.evenkeel.http.Caller;
import io.evenkeel.http.RequestException.IssuerUnavailable;
import io.evenkeel.http.RequestException.Unauthenticated;
import io.evenkeel.http.Role;
import io.evenkeel.validation.PlainText;
import io.evenkeel.validation.Wire;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/// Tokens of one issuer, whose keys are fetched when the first token comes.
final class IssuedTokens implements ReactiveAuthenticationManager {
  private static final Logger LOG = LoggerFactory.getLogger(IssuedTokens.class);

  private final SecuritySettings.Jwt settings;
  private final ReactiveJwtDecoder decoder;
  private volatile boolean unreachable;

  IssuedTokens(SecuritySettings.Jwt settings, String issuer) {
    this.settings = settings;
    this.decoder = new SupplierReactiveJwtDecoder(() -> decoder(settings, issuer));
  }

  private static ReactiveJwtDecoder decoder(SecuritySettings.Jwt settings, String issuer) {
    NimbusReactiveJwtDecoder decoder = NimbusReactiveJwtDecoder.withIssuerLocation(issuer).build();
    OAuth2TokenValidator<Jwt> usual = JwtValidators.createDefaultWithIssuer(issuer);
    String audience = settings.audience();
    decoder.setJwtValidator(
        audience == null || audience.isBlank()
            ? usual
            : new DelegatingOAuth2TokenValidator<>(
                usual,
                new JwtClaimValidator<Collection<String>>(
                    JwtClaimNames.AUD, all -> all != null && all.contains(audience))));
    return decoder;
  }

  @Override
  public Mono<Authentication> authenticate(Authentication shown) {
    return decoder
        .decode(String.valueOf(shown.getCredentials()))
        .doOnNext(_ -> unreachable = false)
        .onErrorMap(JwtException.class, this::refusal)
        .onErrorMap(IllegalStateException.class, this::unreachable)
        .onErrorMap(IllegalArgumentException.class, this::unreachable)
        .map(token -> new CallerToken(caller(token)));
  }

  private RuntimeException refusal(JwtException error) {
    return error instanceof BadJwtException
        ? new Unauthenticated("The token does not hold: " + reason(error) + ".")
        : unreachable(error);
  }

  private static String reason(JwtException error) {
    String message = String.valueOf(error.getMessage());
    return message.replaceFirst("^An error occurred while attempting to decode the Jwt: ", "");
  }

  /// Told once, until a token could be checked again.
  private RuntimeException unreachable(Throwable error) {
    if (unreachable) {
      return new IssuerUnavailable();
    }
    unreachable = true;
    LOG.error(
        "Tokens cannot be held against their issuer, so that nobody who shows one is let in; API"
            + " keys hold as before. See that evenkeel.security.jwt.issuer-uri can be reached from"
            + " here.",
        error);
    return new IssuerUnavailable();
  }

  private Caller caller(Jwt token) {
    Object claimed = token.getClaims().get(settings.rolesClaim());
    Role role =
        words(claimed).stream()
            .flatMap(word -> Wire.parse(Role.class, word).stream())
            .max(Comparator.naturalOrder())
            .orElseThrow(() ->
                new Unauthenticated(
                    "The token's claim "
                        + settings.rolesClaim()
                        + " names none of the roles "
                        + Wire.words(Role.class)
                        + "."));
    if (token.getSubject() != null && !PlainText.isPlain(token.getSubject())) {
      throw new Unauthenticated("The token's sub " + PlainText.RULE + ".");
    }
    Object prefix = token.getClaims().get(settings.prefixClaim());
    try {
      return new Caller(
          Optional.ofNullable(token.getSubject()),
          role,
          ApiKey.prefix(Optional.ofNullable(prefix).map(Objects::toString)));
    } catch (IllegalArgumentException e) {
      throw new Unauthenticated(
          "The token's claim " + settings.prefixClaim() + " is not valid: " + e.getMessage() + ".");
    }
  }

  /// Those of a list, or of a text with spaces between.
  private static List<String> words(@Nullable Object claim) {
    return switch (claim) {
      case Collection<?> list -> list.stream().map(String::valueOf).toList();
      case String text -> List.of(text.strip().split("\\s+"));
      case null, default -> List.of();
    };
  }
}
