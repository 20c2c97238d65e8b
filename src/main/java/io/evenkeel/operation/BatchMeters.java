package io.evenkeel.operation;

import io.evenkeel.normalizer.BatchListener;
import io.evenkeel.normalizer.BatchOutcome;
import io.evenkeel.normalizer.Mode;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.validation.Wire;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.springframework.stereotype.Component;

/// Counts batches and rows.
///
/// | meter              | tags            | counts                                |
/// |--------------------|-----------------|---------------------------------------|
/// | `evenkeel.batches` | `mode`,`outcome`| batches that were answered            |
/// | `evenkeel.rows`    | `mode`,`outcome`| their rows                            |
/// | `evenkeel.refused` | `mode`,`reason` | batches refused, by type of problem   |
@Component
final class BatchMeters implements BatchListener {
  private final MeterProvider<Counter> batches;
  private final MeterProvider<Counter> rows;
  private final MeterProvider<Counter> refused;

  BatchMeters(MeterRegistry registry) {
    batches =
        Counter.builder("evenkeel.batches")
            .description("Batches that were answered")
            .withRegistry(registry);
    rows =
        Counter.builder("evenkeel.rows")
            .description("Rows of the batches that were answered")
            .withRegistry(registry);
    refused =
        Counter.builder("evenkeel.refused")
            .description("Batches that were refused")
            .withRegistry(registry);
    for (Mode mode : Mode.values()) {
      for (BatchOutcome outcome : BatchOutcome.values()) {
        if ((mode == Mode.INFERENCE) == (outcome == BatchOutcome.NONE)) {
          batches.withTags(tags(mode, outcome));
          rows.withTags(tags(mode, outcome));
        }
      }
    }
  }

  private static Tags tags(Mode mode, BatchOutcome outcome) {
    return Tags.of("mode", Wire.word(mode), "outcome", Wire.word(outcome));
  }

  @Override
  public void onBatch(NormalizerName name, Mode mode, BatchOutcome outcome, long rowCount) {
    Tags tags = tags(mode, outcome);
    batches.withTags(tags).increment();
    rows.withTags(tags).increment((double) rowCount);
  }

  @Override
  public void onRefused(NormalizerName name, Mode mode, String reason) {
    refused.withTags("mode", Wire.word(mode), "reason", reason).increment();
  }
}
