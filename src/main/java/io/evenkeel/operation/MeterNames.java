package io.evenkeel.operation;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/// Makes the meters of Spring Boot and Micrometer pass Prometheus' check of names, `promtool check
/// metrics`. The meters of this service pass it by themselves.
@Component
final class MeterNames implements MeterFilter {
  /// Spring Boot leaves them without a description.
  private static final Map<String, String> DESCRIPTIONS =
      Map.of(
          "http.server.requests", "Time to answer a request",
          "http.server.requests.active", "Time that requests have been under way");

  /// Prometheus takes `_count` at the end of a name for a part of a summary.
  private static final Map<String, String> NAMES = Map.of("system.cpu.count", "system.cpus");

  /// They count milliseconds and nanoseconds, where Prometheus wants seconds. [ProcessorTime] is in
  /// the place of the second.
  private static final Set<String> LEFT_OUT = Set.of("jvm.compilation.time", "process.cpu.time");

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    return LEFT_OUT.contains(id.getName()) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    String name = id.getName();
    String description = DESCRIPTIONS.get(name);
    if (description != null) {
      return new Meter.Id(
          name, Tags.of(id.getTagsAsIterable()), id.getBaseUnit(), description, id.getType());
    }
    return id.withName(NAMES.getOrDefault(name, name));
  }
}
