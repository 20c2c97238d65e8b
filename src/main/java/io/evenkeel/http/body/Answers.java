package io.evenkeel.http.body;

import io.evenkeel.admission.SkippedRows;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.json.GradientAnswer;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Wire;
import io.evenkeel.http.Conditions;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Observation;
import io.evenkeel.normalization.Work;
import io.evenkeel.normalizer.NormalizerName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/// Writes the answers to batches.
public final class Answers {
  private static final String OUTCOME = "Normalizer-Outcome";
  private static final String SUSPICIOUS = "Normalizer-Suspicious";
  private static final String SKIPPED = "Normalizer-Skipped";

  private Answers() {}

  /// Writes normalised rows: a small answer at once, a large one piece by piece, as fast as the
  /// client reads it.
  public static Mono<Void> write(
      ServerHttpResponse response, BatchFormat format, BatchAnswer answer, RowShape shape) {
    return write(response, format, answer, shape, MemoryShare.UNLIMITED);
  }

  /// The same, and gives the array of the rows to other requests if it is of this memory. It is not
  /// given if the client goes away: then some thread may still be reading it.
  public static Mono<Void> write(
      ServerHttpResponse response,
      BatchFormat format,
      BatchAnswer answer,
      RowShape shape,
      MemoryShare memory) {
    head(response, answer.outcome(), answer.version());
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(Negotiation.mediaType(format, shape.dialect()));
    if (!answer.skipped().isEmpty()) {
      headers.set(SKIPPED, Integer.toString(answer.skipped().size()));
    }
    AnswerWriter writer = format.writer(answer, shape, true, true);
    return write(response, writer)
        .doOnSuccess(_ -> {
          if (!writer.hasNext()) {
            memory.reuse(answer.matrix().received());
          }
        });
  }

  /// Writes the gradients of a backward pass.
  public static Mono<Void> write(ServerHttpResponse response, GradientAnswer answer) {
    HttpHeaders headers = response.getHeaders();
    headers.set(Conditions.VERSION, Long.toString(answer.version()));
    headers.setContentType(MediaType.APPLICATION_JSON);
    return write(response, answer.writer());
  }

  /// Writes a body piece by piece. The caller sets the headers; the length of a small body is set
  /// here.
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
    return response.writeAndFlushWith(
        Flux.concat(Mono.just(Mono.just(first)), new PiecesInGroups(pieces, buffers).groups())
            .doOnDiscard(DataBuffer.class, DataBufferUtils::release));
  }

  /// The pieces of a large answer, a few at a time: the next ones are made once the client has read
  /// those before. Reactor Netty would collect 128 of them for a client that reads none.
  private static final class PiecesInGroups {
    private static final int PIECES = 4;

    private final Sinks.Many<Flux<DataBuffer>> groups =
        Sinks.many().unicast().onBackpressureBuffer();
    private final Iterator<ByteBuffer> pieces;
    private final DataBufferFactory buffers;

    PiecesInGroups(Iterator<ByteBuffer> pieces, DataBufferFactory buffers) {
      this.pieces = pieces;
      this.buffers = buffers;
    }

    Flux<Flux<DataBuffer>> groups() {
      emit();
      return groups.asFlux();
    }

    private void emit() {
      if (pieces.hasNext()) {
        groups.emitNext(group(), Sinks.EmitFailureHandler.FAIL_FAST);
      } else {
        groups.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
      }
    }

    private Flux<DataBuffer> group() {
      return Flux.<DataBuffer, Integer>generate(
              () -> 0,
              (made, sink) -> {
                if (made < PIECES && pieces.hasNext()) {
                  sink.next(Work.of(() -> Answers.next(pieces, buffers)));
                } else {
                  sink.complete();
                }
                return made + 1;
              })
          .doOnComplete(this::emit)
          .subscribeOn(Schedulers.parallel());
    }
  }

  private static DataBuffer next(Iterator<ByteBuffer> pieces, DataBufferFactory buffers) {
    if (pieces instanceof AnswerWriter writer) {
      OptionalInt exact = writer.fixedPiece();
      if (exact.isPresent()) {
        return filled(buffers.allocateBuffer(exact.getAsInt()), buffer -> fill(buffer, writer));
      }
      Optional<ByteBuffer> piece = writer.shortPiece();
      if (piece.isPresent()) {
        return filled(
            buffers.allocateBuffer(piece.get().remaining()), buffer -> buffer.write(piece.get()));
      }
      OptionalInt about = writer.longPiece();
      if (about.isPresent()) {
        return filled(
            buffers.allocateBuffer(about.getAsInt()),
            buffer -> writer.next((bytes, length) -> buffer.write(bytes, 0, length)));
      }
    }
    return buffers.wrap(pieces.next());
  }

  /// A buffer of the network itself, so that nothing is copied into another one.
  private static DataBuffer filled(DataBuffer buffer, Consumer<DataBuffer> content) {
    try {
      content.accept(buffer);
      return buffer;
    } catch (RuntimeException | Error e) {
      DataBufferUtils.release(buffer);
      throw e;
    }
  }

  private static void fill(DataBuffer buffer, AnswerWriter writer) {
    try (DataBuffer.ByteBufferIterator room = buffer.writableByteBuffers()) {
      ByteBuffer target = room.next();
      int before = target.position();
      writer.next(target);
      buffer.writePosition(buffer.writePosition() + target.position() - before);
    }
  }

  /// Writes the outcome of a batch that was only counted, and the rows that were left out of it.
  public static Mono<Void> write(
      ServerHttpResponse response,
      NormalizerName name,
      Observation observation,
      SkippedRows skipped) {
    head(response, observation.outcome(), observation.version());
    suspicious(response, observation.reported());
    StringBuilder json = new StringBuilder();
    json.append("{\"normalizer\":\"").append(name).append("\",\"outcome\":\"");
    json.append(Wire.word(observation.outcome())).append('"');
    json.append(",\"version\":").append(observation.version());
    observation
        .appliedVersion()
        .ifPresent(version -> json.append(",\"appliedVersion\":").append(version));
    if (skipped.count() > 0) {
      response.getHeaders().set(SKIPPED, Long.toString(skipped.count()));
      json.append(",\"skippedCount\":").append(skipped.count()).append(",\"skipped\":");
      json.append(
          skipped.first().stream()
              .map(row -> "{\"row\":" + row.row() + ",\"code\":\"" + row.code() + "\"}")
              .collect(Collectors.joining(",", "[", "]")));
    }
    byte[] body = json.append('}').toString().getBytes(StandardCharsets.US_ASCII);
    response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
    response.getHeaders().setContentLength(body.length);
    return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
  }

  /// Sets the header that tells how many features of a counted batch the guard reports, if any.
  public static void suspicious(ServerHttpResponse response, int features) {
    if (features > 0) {
      response.getHeaders().set(SUSPICIOUS, Integer.toString(features));
    }
  }

  /// Sets the headers for the outcome of a batch and for the version that answered.
  public static void head(ServerHttpResponse response, BatchOutcome outcome, long version) {
    HttpHeaders headers = response.getHeaders();
    headers.set(OUTCOME, Wire.word(outcome));
    headers.set(Conditions.VERSION, Long.toString(version));
    if (outcome == BatchOutcome.DUPLICATE) {
      headers.set(Conditions.IDEMPOTENCY_REPLAYED, "true");
    }
  }
}
