package io.evenkeel.tracing;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.net.URI;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The settings of tracing.
///
/// @param endpoint where spans are sent; nothing is traced without it
/// @param probability the share of requests that are traced, of those whose client does not decide
@Validated
@ConfigurationProperties("evenkeel.tracing")
public record TracingSettings(
    Optional<URI> endpoint,
    @DecimalMin("0") @DecimalMax("1") @DefaultValue("0.1") double probability) {

  /// Refuses an endpoint that cannot be sent to.
  public TracingSettings {
    if (endpoint.filter(uri -> !isHttp(uri)).isPresent()) {
      throw new IllegalArgumentException(
          "evenkeel.tracing.endpoint must be an address such as http://localhost:4318/v1/traces");
    }
  }

  private static boolean isHttp(URI uri) {
    return uri.getHost() != null
        && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
  }
}
