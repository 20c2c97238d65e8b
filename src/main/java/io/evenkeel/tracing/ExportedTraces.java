package io.evenkeel.tracing;

import io.evenkeel.fault.Wire;
import io.evenkeel.normalization.BatchTraces;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizerName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/// Makes spans of requests and their steps, and hands them to the export when the request is over.
///
/// A client that sends `traceparent` decides whether its request is traced. For others chance
/// decides.
final class ExportedTraces implements BatchTraces, AutoCloseable {
  private static final String NAME = "POST /api/v1/normalizers/{name}:normalize";

  private final SpanExport export;
  private final InstantSource clock;
  private final BooleanSupplier chance;

  /// @param chance whether a request is traced whose client does not decide
  ExportedTraces(SpanExport export, InstantSource clock, BooleanSupplier chance) {
    this.export = export;
    this.clock = clock;
    this.chance = chance;
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public Mono<Void> request(
      NormalizerName name, Mode mode, Optional<String> header, Mono<Void> request) {
    Optional<TraceContext> parent = header.flatMap(TraceContext::of);
    boolean sampled = parent.map(TraceContext::sampled).orElseGet(chance::getAsBoolean);
    if (!sampled) {
      return request;
    }
    return Mono.defer(() -> {
      OpenTrace trace =
          new OpenTrace(
              parent.map(TraceContext::child).orElseGet(TraceContext::begin),
              parent.map(TraceContext::spanId),
              clock.instant(),
              Map.of("evenkeel.normalizer", name.toString(), "evenkeel.mode", Wire.word(mode)));
      AtomicReference<String> failure = new AtomicReference<>();
      return request
          .doOnError(error -> failure.set(error.getClass().getSimpleName()))
          .doFinally(_ ->
              export.offer(trace.spans(NAME, clock.instant(), Optional.ofNullable(failure.get()))))
          .contextWrite(Context.of(OpenTrace.class, trace));
    });
  }

  @Override
  public <T> Mono<T> step(Step step, Mono<T> work) {
    return Mono.deferContextual(context -> {
      Optional<OpenTrace> trace = context.getOrEmpty(OpenTrace.class);
      if (trace.isEmpty()) {
        return work;
      }
      Instant from = clock.instant();
      return work.doOnTerminate(() -> trace.get().ended(step, from, clock.instant()));
    });
  }

  @Override
  public void close() {
    export.close();
  }
}
