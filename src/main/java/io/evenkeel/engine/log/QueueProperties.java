package io.evenkeel.engine.log;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How much may wait to be made durable.
///
/// @param queueCapacity how many events may wait for a commit; further ones are refused as
///   `overloaded`
/// @param queueSize how much memory the waiting events may take
@Validated
@ConfigurationProperties("evenkeel.store")
public record QueueProperties(
    @DefaultValue("10000") @Min(1) @Max(1_000_000) int queueCapacity,
    @DefaultValue("64MB") DataSize queueSize) {

  /// Refuses a queue without memory.
  public QueueProperties {
    if (queueSize.toBytes() <= 0) {
      throw new IllegalArgumentException("evenkeel.store.queue-size must be positive");
    }
  }

  /// The limits of the queue.
  public WaitingQueue.Limits limits() {
    return new WaitingQueue.Limits(queueCapacity, queueSize.toBytes());
  }
}
