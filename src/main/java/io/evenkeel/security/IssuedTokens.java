package io.evenkeel.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSecurityContextJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import io.evenkeel.fault.PlainText;
import io.evenkeel.fault.Wire;
import io.evenkeel.http.Caller;
import io.evenkeel.http.Role;
import io.evenkeel.http.problem.RequestException.IssuerUnavailable;
import io.evenkeel.http.problem.RequestException.Unauthenticated;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/// Checks tokens of one issuer: signed by a key of the issuer, of a type for access, and within a
/// time that has an end.
final class IssuedTokens {
  private static final Logger LOG = LoggerFactory.getLogger(IssuedTokens.class);

  /// Signatures with a key pair. With HMAC the public key would sign, too.
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Stream.concat(JWSAlgorithm.Family.RSA.stream(), JWSAlgorithm.Family.EC.stream())
          .collect(Collectors.toUnmodifiableSet());

  /// How far the issuer's clock may be ahead of this one.
  private static final Duration EARLY = Duration.ofSeconds(60);

  /// How far the issuer's clock may be behind this one.
  private static final Duration LATE = Duration.ofSeconds(5);

  private static final int LONGEST_SUBJECT = 255;

  private final SecuritySettings.Jwt settings;
  private final ReactiveJwtDecoder decoder;
  private final Clock clock;
  private volatile boolean unreachable;

  IssuedTokens(SecuritySettings.Jwt settings, String issuer) {
    this(
        settings,
        issuer,
        new IssuerKeys(new IssuerAddress(issuer).keys(), System::nanoTime),
        Clock.systemUTC());
  }

  IssuedTokens(SecuritySettings.Jwt settings, String issuer, IssuerKeys keys, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    NimbusReactiveJwtDecoder nimbus =
        NimbusReactiveJwtDecoder.withJwkSource(keys::of)
            .validateType(false)
            .jwtProcessorCustomizer(processor ->
                processor.setJWSKeySelector(
                    new JWSVerificationKeySelector<>(ALGORITHMS, new JWKSecurityContextJWKSet())))
            .build();
    nimbus.setJwtValidator(rules(settings, issuer));
    this.decoder = nimbus;
  }

  /// Spring Security adds a rule of its own: a token that is bound to a certificate must come with
  /// it.
  private OAuth2TokenValidator<Jwt> rules(SecuritySettings.Jwt settings, String issuer) {
    JwtTypeValidator types = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
    types.setAllowEmpty(true);
    JwtTimestampValidator times = new JwtTimestampValidator(EARLY);
    times.setAllowEmptyExpiryClaim(false);
    times.setClock(clock);
    List<OAuth2TokenValidator<Jwt>> rules =
        new ArrayList<>(
            List.of(
                new JwtIssuerValidator(issuer),
                types,
                times,
                new JwtClaimValidator<Instant>(
                    JwtClaimNames.EXP,
                    end -> end != null && clock.instant().isBefore(end.plus(LATE)))));
    String audience = settings.audience();
    if (audience != null && !audience.isBlank()) {
      rules.add(
          new JwtClaimValidator<Collection<String>>(
              JwtClaimNames.AUD, all -> all != null && all.contains(audience)));
    }
    return JwtValidators.createDefaultWithValidators(rules);
  }

  /// The caller whose token this is.
  Mono<CallerToken> authenticate(String text) {
    return decoder
        .decode(text)
        .doOnNext(_ -> unreachable = false)
        .onErrorMap(JwtException.class, this::refusal)
        .onErrorMap(IllegalStateException.class, this::unreachable)
        .map(token ->
            new CallerToken(
                caller(token),
                Optional.ofNullable(token.getExpiresAt()).map(end -> end.plus(LATE))));
  }

  private RuntimeException refusal(JwtException error) {
    return error instanceof BadJwtException bad
        ? new Unauthenticated("The token is refused: " + reason(bad) + ".")
        : unreachable(error);
  }

  /// The first rule that the token breaks. Before any rule comes the signature, and before that the
  /// form.
  private static String reason(BadJwtException error) {
    if (error instanceof JwtValidationException invalid) {
      return invalid.getErrors().stream()
          .map(OAuth2Error::getDescription)
          .filter(Objects::nonNull)
          .findFirst()
          .orElse("it breaks a rule for tokens");
    }
    return error.getCause() instanceof BadJOSEException
        ? "no key of its issuer has signed it"
        : "it cannot be read as a signed token";
  }

  /// Logs once that the issuer does not answer, until a token could be checked again.
  private RuntimeException unreachable(Throwable error) {
    if (unreachable) {
      return new IssuerUnavailable();
    }
    unreachable = true;
    LOG.error(
        "The issuer of tokens does not answer, so that no token can be checked and nobody with a"
            + " token is let in. API keys work as before. Make sure that this machine can reach"
            + " evenkeel.security.jwt.issuer-uri.",
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
                    "The token's claim '"
                        + settings.rolesClaim()
                        + "' names none of the roles "
                        + String.join(", ", Wire.words(Role.class))
                        + "."));
    return new Caller(Optional.of("token:" + subject(token)), role, prefix(token));
  }

  private static String subject(Jwt token) {
    String subject = token.getSubject();
    if (subject == null || subject.isBlank()) {
      throw new Unauthenticated(
          "The token has no claim 'sub', which names the caller in the audit trail.");
    }
    if (!PlainText.isPlain(subject)) {
      throw new Unauthenticated("The token's claim 'sub' " + PlainText.RULE + ".");
    }
    if (subject.length() > LONGEST_SUBJECT || subject.chars().anyMatch(Character::isISOControl)) {
      throw new Unauthenticated(
          "The token's claim 'sub' must have at most "
              + LONGEST_SUBJECT
              + " characters, and no control characters.");
    }
    return subject;
  }

  /// A claim that is there and limits nothing is refused: it is a mistake of the issuer.
  private String prefix(Jwt token) {
    String claim = settings.prefixClaim();
    if (!token.getClaims().containsKey(claim)) {
      return "";
    }
    try {
      return ApiKey.prefix(token.getClaims().get(claim) instanceof String text ? text : " ");
    } catch (IllegalArgumentException e) {
      throw new Unauthenticated(
          "The token's claim '" + claim + "' is not valid: " + e.getMessage() + ".");
    }
  }

  /// The words of a list, or of a text with spaces between them.
  private static List<String> words(@Nullable Object claim) {
    return switch (claim) {
      case Collection<?> list -> list.stream().map(String::valueOf).toList();
      case String text -> List.of(text.strip().split("\\s+"));
      case null, default -> List.of();
    };
  }
}
