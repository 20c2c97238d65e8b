package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.log.WaitingQueue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Where and how the log is kept on one machine.
///
/// @param directory of the store, made if missing, for one process alone;
///   [StoreDirectory#IN_MEMORY][io.evenkeel.engine.store.StoreDirectory#IN_MEMORY] for a store that
///   is gone when the process ends
/// @param queueCapacity how many events may wait for a commit; further ones are refused as
///   `overloaded`
/// @param queueSize how much memory the waiting events may take
@Validated
@ConfigurationProperties("evenkeel.store")
public record SqliteProperties(
    @DefaultValue("data") @NotBlank String directory,
    @DefaultValue("10000") @Min(1) @Max(1_000_000) int queueCapacity,
    @DefaultValue("64MB") DataSize queueSize) {

  /// Refuses a queue without memory.
  public SqliteProperties {
    if (queueSize.toBytes() <= 0) {
      throw new IllegalArgumentException("evenkeel.store.queue-size must be positive");
    }
  }

  WaitingQueue.Limits queueLimits() {
    return new WaitingQueue.Limits(queueCapacity, queueSize.toBytes());
  }
}
