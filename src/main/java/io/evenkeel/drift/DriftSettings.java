package io.evenkeel.drift;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// The settings of drift.
///
/// @param enabled whether inference batches are compared
/// @param maxMemory how much memory all comparisons may take together; a 32nd of the heap if unset
/// @param referenceRows how many inference rows make the @Validated
@ConfigurationProperties("evenkeel.drift")
public record DriftSettings(
    @DefaultValue("true") boolean enabled,
    @Nullable DataSize maxMemory,
    @DefaultValue("10000") @Min(1) int referenceRows,
    @DefaultValue("10s") Duration exchange) {
  private static final int SHARE = 32;

  /// Checks what no constraint of Jakarta can say.
  public DriftSettings {
    if (exchange.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("evenkeel.drift.exchange must be a second or more");
    }
  }

  /// The bytes that comparisons may take.
  long mostBytes() {
    return Optional.ofNullable(maxMemory)
        .map(DataSize::toBytes)
        .orElseGet(() -> Runtime.getRuntime().maxMemory() / SHARE);
  }
}
