package io.evenkeel.security;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The settings that decide who may do what.
///
/// @param open whether everybody may do everything, wherever the service listens
/// @param keys API keys, each as [ApiKey#parse] reads it
/// @param keysFile a file of API keys, one a line; it is read again when it changes
/// @param jwt tokens that are accepted besides keys
/// @param corsOrigins the origins whose pages may call from a browser, each as `https://host`
@ConfigurationProperties("evenkeel.security")
record SecuritySettings(
    @DefaultValue("false") boolean open,
    @DefaultValue List<String> keys,
    @Nullable Path keysFile,
    @DefaultValue Jwt jwt,
    @DefaultValue List<String> corsOrigins) {

  /// Tokens of an issuer.
  ///
  /// @param issuerUri where the issuer's metadata is, and what its tokens name; no tokens if unset
  /// @param audience what a token must be for; anything if unset
  /// @param rolesClaim the claim that names roles
  /// @param prefixClaim the claim that limits a token to normalizers whose names begin with its
  ///   value
  record Jwt(
      @Nullable String issuerUri,
      @Nullable String audience,
      @DefaultValue("roles") String rolesClaim,
      @DefaultValue("evenkeel_prefix") String prefixClaim) {

    /// Refuses claims without a name, which would limit no token.
    Jwt {
      if (rolesClaim.isBlank() || prefixClaim.isBlank()) {
        throw new IllegalArgumentException(
            "evenkeel.security.jwt.roles-claim and prefix-claim have to name claims");
      }
    }

    /// The issuer, if there is one.
    Optional<String> issuer() {
      return Optional.ofNullable(issuerUri).filter(uri -> !uri.isBlank());
    }
  }

  /// The file of keys, if there is one.
  Optional<Path> file() {
    return Optional.ofNullable(keysFile).filter(path -> !path.toString().isBlank());
  }

  /// Whether there are any credentials.
  boolean hasCredentials() {
    return !keys.isEmpty() || file().isPresent() || jwt.issuer().isPresent();
  }
}
