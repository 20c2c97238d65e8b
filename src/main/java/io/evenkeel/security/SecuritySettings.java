package io.evenkeel.security;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What an operator can set of who may do what.
///
/// @param open lets everybody do everything, wherever the service listens
/// @param keys API keys, each as [ApiKey#parse] reads it
/// @param keysFile more of them, one a line; read again whenever it changes
/// @param jwt tokens that are taken beside keys
/// @param corsOrigins whose pages may call from a browser, each as `https://host`; none of others
@ConfigurationProperties("evenkeel.security")
record SecuritySettings(
    @DefaultValue("false") boolean open,
    @DefaultValue List<String> keys,
    @Nullable Path keysFile,
    @DefaultValue Jwt jwt,
    @DefaultValue List<String> corsOrigins) {

  /// Tokens of an issuer.
  ///
  /// @param issuerUri where its metadata is found, and what its tokens name; unset: no tokens
  /// @param audience what a token must be for, if anything
  /// @param rolesClaim the claim that names roles
  /// @param prefixClaim the claim that limits a token to normalizers, if it is there
  record Jwt(
      @Nullable String issuerUri,
      @Nullable String audience,
      @DefaultValue("roles") String rolesClaim,
      @DefaultValue("evenkeel_prefix") String prefixClaim) {

    /// Refuses claims without a name: no token would be limited.
    Jwt {
      if (rolesClaim.isBlank() || prefixClaim.isBlank()) {
        throw new IllegalArgumentException(
            "evenkeel.security.jwt.roles-claim and prefix-claim have to name claims");
      }
    }

    /// Of the issuer, if there is one.
    Optional<String> issuer() {
      return Optional.ofNullable(issuerUri).filter(uri -> !uri.isBlank());
    }
  }

  /// The file of keys, if there is one.
  Optional<Path> file() {
    return Optional.ofNullable(keysFile).filter(path -> !path.toString().isBlank());
  }

  /// Whether anybody can be told from others.
  boolean hasCredentials() {
    return !keys.isEmpty() || file().isPresent() || jwt.issuer().isPresent();
  }
}
