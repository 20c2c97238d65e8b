package io.evenkeel.tracing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/// Spans as the protocol buffers of OTLP, message `ExportTraceServiceRequest`.
///
/// | message         | fields: number and meaning                                              |
/// |-----------------|-------------------------------------------------------------------------|
/// | request         | 1 resource spans                                                        |
/// | `ResourceSpans` | 1 resource, 2 scope spans                                               |
/// | `Resource`      | 1 attributes                                                            |
/// | `ScopeSpans`    | 1 scope, 2 spans                                                        |
/// | `Scope`         | 1 name                                                                  |
/// | `Span`          | 1 trace, 2 span, 4 parent, 5 name, 6 kind, 7 start, 8 end, 9 attributes |
/// | `KeyValue`      | 1 key, 2 value                                                          |
/// | `AnyValue`      | 1 text                                                                  |
///
/// Reference: <https://github.com/open-telemetry/opentelemetry-proto>, version 1.
final class OtlpBytes {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int INTERNAL = 1;
  private static final int SERVER = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private OtlpBytes() {}

  /// A request that exports spans of this service.
  static byte[] of(List<Span> spans) {
    OtlpBytes scope = new OtlpBytes().message(1, new OtlpBytes().text(1, "io.evenkeel"));
    spans.forEach(span -> scope.message(2, span(span)));
    OtlpBytes resource = new OtlpBytes().message(1, attribute("service.name", "evenkeel"));
    OtlpBytes all = new OtlpBytes().message(1, resource).message(2, scope);
    return new OtlpBytes().message(1, all).out.toByteArray();
  }

  private static OtlpBytes span(Span span) {
    OtlpBytes bytes = new OtlpBytes();
    bytes.bytes(1, HexFormat.of().parseHex(span.context().traceId()));
    bytes.bytes(2, HexFormat.of().parseHex(span.context().spanId()));
    span.parent().ifPresent(parent -> bytes.bytes(4, HexFormat.of().parseHex(parent)));
    bytes.text(5, span.name());
    bytes.tag(6, VARINT).varint(span.isServer() ? SERVER : INTERNAL);
    bytes.time(7, span.start()).time(8, span.end());
    span.attributes().forEach((key, value) -> bytes.message(9, attribute(key, value)));
    return bytes;
  }

  private static OtlpBytes attribute(String key, String value) {
    return new OtlpBytes().text(1, key).message(2, new OtlpBytes().text(1, value));
  }

  private OtlpBytes text(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  private OtlpBytes message(int field, OtlpBytes message) {
    return bytes(field, message.out.toByteArray());
  }

  private OtlpBytes bytes(int field, byte[] bytes) {
    tag(field, LENGTH).varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  /// Nanoseconds since 1970, the lowest byte first.
  private OtlpBytes time(int field, Instant instant) {
    tag(field, FIXED64);
    long nanoseconds = instant.getEpochSecond() * 1_000_000_000 + instant.getNano();
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      out.write((int) (nanoseconds >>> shift));
    }
    return this;
  }

  private OtlpBytes tag(int field, int kind) {
    return varint((field << 3) | kind);
  }

  /// Seven bits a byte, the lowest first; all but the last have the highest bit.
  private OtlpBytes varint(int value) {
    int rest = value;
    while (rest > 0x7f) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    return this;
  }
}
