package io.evenkeel.operation;

import io.evenkeel.fault.Wire;
import io.evenkeel.normalization.BatchListener;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizerName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/// Counts batches and rows.
///
/// | meter              | tags            | counts                                |
/// |--------------------|-----------------|---------------------------------------|
/// | `evenkeel.batches` | `mode`,`outcome`| batches that were answered            |
/// | `evenkeel.rows`    | `mode`,`outcome`| their rows                            |
/// | `evenkeel.refused` | `mode`,`reason` | batches refused, by type of problem   |
/// | `evenkeel.reported`|                 | batches counted that a guard reports  |
@Component
final class BatchMeters implements BatchListener {
  /// The outcome alone tells the mode: [BatchOutcome#NONE] is inference.
  private final Map<BatchOutcome, Answered> answered = new EnumMap<>(BatchOutcome.class);

  private final MeterProvider<Counter> refused;
  private final Counter reported;

  private record Answered(Counter batches, Counter rows) {}

  BatchMeters(MeterRegistry registry) {
    MeterProvider<Counter> batches =
        Counter.builder("evenkeel.batches")
            .description("Batches that were answered")
            .withRegistry(registry);
    MeterProvider<Counter> rows =
        Counter.builder("evenkeel.rows")
            .description("Rows of the batches that were answered")
            .withRegistry(registry);
    refused =
        Counter.builder("evenkeel.refused")
            .description("Batches that were refused")
            .withRegistry(registry);
    reported =
        Counter.builder("evenkeel.reported")
            .description(
                "Training batches that were counted although a guard finds them suspicious")
            .register(registry);
    for (BatchOutcome outcome : BatchOutcome.values()) {
      Mode mode = outcome == BatchOutcome.NONE ? Mode.INFERENCE : Mode.TRAINING;
      Tags tags = Tags.of("mode", Wire.word(mode), "outcome", Wire.word(outcome));
      answered.put(outcome, new Answered(batches.withTags(tags), rows.withTags(tags)));
    }
  }

  @Override
  public void onBatch(NormalizerName name, Mode mode, BatchOutcome outcome, long rowCount) {
    Answered counters = Objects.requireNonNull(answered.get(outcome));
    counters.batches().increment();
    counters.rows().increment((double) rowCount);
  }

  @Override
  public void onReported(NormalizerName name, int features) {
    reported.increment();
  }

  @Override
  public void onRefused(NormalizerName name, Mode mode, String reason) {
    refused.withTags("mode", Wire.word(mode), "reason", reason).increment();
  }
}
