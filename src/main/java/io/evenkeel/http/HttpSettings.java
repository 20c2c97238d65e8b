package io.evenkeel.http;

import io.evenkeel.normalization.Mode;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// The settings of the HTTP surface.
///
/// @param maxBodySize the largest body that is read whole; a larger one is refused with 413.
///   `:observe` has no limit, since it reads rows in constant memory
/// @param inferenceInFlight how many bytes of memory the requests under way may take, other than
///   training; a sixth of the heap if unset
/// @param trainingInFlight the same for training
/// @param requestsPerSecond how many requests a client may send a second; 0 for no limit
/// @param stallTimeout closes a connection whose client neither sends nor reads for this long
/// @param shutdownDelay how long requests are still answered after SIGTERM, while `/readyz` refuses
@Validated
@ConfigurationProperties("evenkeel.http")
public record HttpSettings(
    @NotNull @DefaultValue("64MB") DataSize maxBodySize,
    @Nullable DataSize inferenceInFlight,
    @Nullable DataSize trainingInFlight,
    @PositiveOrZero @DefaultValue("0") int requestsPerSecond,
    @NotNull @DefaultValue("60s") Duration stallTimeout,
    @NotNull @DefaultValue("2s") Duration shutdownDelay) {

  /// Refuses a size in which no body fits.
  public HttpSettings {
    if (maxBodySize.toBytes() < 1 || maxBodySize.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "evenkeel.http.max-body-size must be between 1 B and 2 GB less one byte");
    }
  }

  /// How many bytes of memory the requests of a mode may take; empty if unset.
  public Optional<Long> inFlight(Mode mode) {
    return Optional.ofNullable(mode == Mode.TRAINING ? trainingInFlight : inferenceInFlight)
        .map(DataSize::toBytes);
  }

  /// How many values a batch may have, missing ones included: as many as the largest JSON body can
  /// hold, at two bytes each.
  public long mostNumbers() {
    return maxBodySize.toBytes() / 2;
  }
}
