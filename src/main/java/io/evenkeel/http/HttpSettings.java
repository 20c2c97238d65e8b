package io.evenkeel.http;

import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// What an operator can set of the HTTP surface.
///
/// @param maxBodySize the largest body that is read whole; larger ones are refused with 413, except
///   by `:observe`, which takes rows in constant memory
@Validated
@ConfigurationProperties("evenkeel.http")
public record HttpSettings(@NotNull @DefaultValue("64MB") DataSize maxBodySize) {

  /// Refuses a size that no body fits in.
  public HttpSettings {
    if (maxBodySize.toBytes() < 1 || maxBodySize.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "evenkeel.http.max-body-size must be between 1 B and 2 GB less one byte");
    }
  }

  /// How many values a batch may have, missing ones included: as many as a JSON body of the largest
  /// size can spell, two bytes each.
  long mostNumbers() {
    return maxBodySize.toBytes() / 2;
  }
}
