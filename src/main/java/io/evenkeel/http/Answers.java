package io.evenkeel.http;

import io.evenkeel.codec.AnswerWriter;
import io.evenkeel.codec.BatchAnswer;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.GradientAnswer;
import io.evenkeel.codec.RowShape;
import io.evenkeel.normalizer.BatchOutcome;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Observation;
import io.evenkeel.validation.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.OptionalInt;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Writes what a batch is answered.
public final class Answers {
  private static final String OUTCOME = "Normalizer-Outcome";
  private static final String SKIPPED = "Normalizer-Skipped";

  private Answers() {}

  /// Writes normalised rows: a small answer at once, a large one piece by piece, as fast as the
  /// client takes it.
  static Mono<Void> write(
      ServerHttpResponse response, BatchFormat format, BatchAnswer answer, RowShape shape) {
    head(response, answer.outcome(), answer.version());
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(Negotiation.mediaType(format));
    if (!answer.skipped().isEmpty()) {
      headers.set(SKIPPED, Integer.toString(answer.skipped().size()));
    }
    return write(response, format.writer(answer, shape, true, true));
  }

  /// Writes what a backward pass found.
  static Mono<Void> write(ServerHttpResponse response, GradientAnswer answer) {
    HttpHeaders headers = response.getHeaders();
    headers.set(Conditions.VERSION, Long.toString(answer.version()));
    headers.setContentType(MediaType.APPLICATION_JSON);
    return write(response, answer.writer());
  }

  /// Writes a body piece by piece; its headers are the caller's, but for the length of a small one.
  public static Mono<Void> write(ServerHttpResponse response, Iterator<ByteBuffer> pieces) {
    HttpHeaders headers = response.getHeaders();
    DataBufferFactory buffers = response.bufferFactory();
    if (!pieces.hasNext()) {
      headers.setContentLength(0);
      return response.setComplete();
    }
    DataBuffer first = next(pieces, buffers);
    if (!pieces.hasNext()) {
      headers.setContentLength(first.readableByteCount());
      return response.writeWith(Mono.just(first));
    }
    Flux<DataBuffer> rest =
        Flux.<DataBuffer>generate(
                sink -> {
                  if (pieces.hasNext()) {
                    sink.next(next(pieces, buffers));
                  } else {
                    sink.complete();
                  }
                })
            .subscribeOn(Schedulers.parallel());
    return response.writeWith(
        Flux.concat(Mono.just(first), rest)
            .doOnDiscard(DataBuffer.class, DataBufferUtils::release));
  }

  private static DataBuffer next(Iterator<ByteBuffer> pieces, DataBufferFactory buffers) {
    OptionalInt exact =
        pieces instanceof AnswerWriter writer ? writer.fixedPiece() : OptionalInt.empty();
    return exact.isPresent()
        ? filled(buffers.allocateBuffer(exact.getAsInt()), (AnswerWriter) pieces)
        : buffers.wrap(pieces.next());
  }

  /// A buffer of the network's own, which need not be copied into another one.
  private static DataBuffer filled(DataBuffer buffer, AnswerWriter writer) {
    try (DataBuffer.ByteBufferIterator room = buffer.writableByteBuffers()) {
      ByteBuffer target = room.next();
      int before = target.position();
      writer.next(target);
      return buffer.writePosition(buffer.writePosition() + target.position() - before);
    } catch (RuntimeException | Error e) {
      DataBufferUtils.release(buffer);
      throw e;
    }
  }

  /// Writes what became of a batch that was counted only.
  static Mono<Void> write(
      ServerHttpResponse response, NormalizerName name, Observation observation) {
    head(response, observation.outcome(), observation.version());
    StringBuilder json = new StringBuilder();
    json.append("{\"normalizer\":\"").append(name).append("\",\"outcome\":\"");
    json.append(Wire.word(observation.outcome())).append('"');
    json.append(",\"version\":").append(observation.version());
    observation
        .appliedVersion()
        .ifPresent(version -> json.append(",\"appliedVersion\":").append(version));
    byte[] body = json.append('}').toString().getBytes(StandardCharsets.US_ASCII);
    response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
    response.getHeaders().setContentLength(body.length);
    return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
  }

  /// Says what became of a batch, and which version answered.
  public static void head(ServerHttpResponse response, BatchOutcome outcome, long version) {
    HttpHeaders headers = response.getHeaders();
    headers.set(OUTCOME, Wire.word(outcome));
    headers.set(Conditions.VERSION, Long.toString(version));
    if (outcome == BatchOutcome.DUPLICATE) {
      headers.set(Conditions.IDEMPOTENCY_REPLAYED, "true");
    }
  }
}
