package io.evenkeel.operation;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// The processor time of this process, under the name that Prometheus' own libraries give it:
/// `process_cpu_seconds_total`. The operating system is asked when the meter is read.
@Component
final class ProcessorTime implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("process.cpu", ProcessHandle.current(), ProcessorTime::seconds)
        .description("Processor time that the process has taken, in user and system mode")
        .baseUnit("seconds")
        .register(registry);
  }

  private static double seconds(ProcessHandle process) {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e9;
  }
}
