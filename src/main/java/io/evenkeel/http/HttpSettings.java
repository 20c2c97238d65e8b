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

/// What an operator can set of the HTTP surface.
///
/// @param maxBodySize the largest body that is read whole; larger ones are refused with 413, except
///   by `:observe`, which takes rows in constant memory
/// @param inferenceInFlight how many bytes of memory requests may take at a time at inference, and
///   in everything else that is no training; a sixth of the heap where unset
/// @param trainingInFlight the same in training
/// @param requestsPerSecond how many a client may send; 0 for as many as it likes
/// @param stallTimeout how long a client may neither send the next byte of a body nor take the next
///   of an answer
/// @param shutdownDelay how long requests are still taken after SIGTERM, while `/readyz` refuses
@Validated
@ConfigurationProperties("evenkeel.http")
public record HttpSettings(
    @NotNull @DefaultValue("64MB") DataSize maxBodySize,
    @Nullable DataSize inferenceInFlight,
    @Nullable DataSize trainingInFlight,
    @PositiveOrZero @DefaultValue("0") int requestsPerSecond,
    @NotNull @DefaultValue("60s") Duration stallTimeout,
    @NotNull @DefaultValue("2s") Duration shutdownDelay) {

  /// Refuses a size that no body fits in.
  public HttpSettings {
    if (maxBodySize.toBytes() < 1 || maxBodySize.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "evenkeel.http.max-body-size must be between 1 B and 2 GB less one byte");
    }
  }

  /// How many bytes of bodies may be on their way, if that is set.
  public Optional<Long> inFlight(Mode mode) {
    return Optional.ofNullable(mode == Mode.TRAINING ? trainingInFlight : inferenceInFlight)
        .map(DataSize::toBytes);
  }

  /// How many values a batch may have, missing ones included: as many as a JSON body of the largest
  /// size can spell, two bytes each.
  public long mostNumbers() {
    return maxBodySize.toBytes() / 2;
  }
}
