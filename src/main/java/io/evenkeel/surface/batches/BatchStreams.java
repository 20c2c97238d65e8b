package io.evenkeel.surface.batches;

import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.codec.AnswerSeries;
import io.evenkeel.codec.AnswerShape;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.FittedShape;
import io.evenkeel.codec.json.ControlLines;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.body.BatchIntake;
import io.evenkeel.http.body.RefusedBatches;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.http.problem.ProblemHandler;
import io.evenkeel.http.problem.Problems;
import io.evenkeel.normalization.KeysInFlight;
import io.evenkeel.normalization.NormalizationService;
import io.evenkeel.normalization.NormalizedRows;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/// Answers streams of batches, each batch as soon as it is normalised. It reads at most one batch
/// ahead of what the client has read, so that a slow reader slows its own producer. Each batch is
/// normalised by the state of the normalizer when its turn comes.
///
/// ```
/// bytes -> BatchIntake: batches -> one after the other: admitted, normalised, printed -> bytes
/// ```
@Component
final class BatchStreams {
  /// How many batches are read whose answers the client has not read yet.
  private static final int IN_HAND = 2;

  private final Normalizers normalizers;
  private final NormalizationService service;
  private final BatchIntake intake;
  private final BatchAdmission admission;
  private final KeysInFlight keysInFlight;
  private final RefusedBatches refused;
  private final ProblemHandler problems;

  BatchStreams(
      Normalizers normalizers,
      NormalizationService service,
      BatchIntake intake,
      BatchAdmission admission,
      KeysInFlight keysInFlight,
      RefusedBatches refused,
      ProblemHandler problems) {
    this.normalizers = normalizers;
    this.service = service;
    this.intake = intake;
    this.admission = admission;
    this.keysInFlight = keysInFlight;
    this.refused = refused;
    this.problems = problems;
  }

  /// Reads and answers a stream. A failure before the first answer fails the request. A later
  /// failure is the last line of the answer; an answer without lines is broken off.
  Mono<Void> answer(BatchRequest stream, StreamParameters cutting) {
    ServerHttpResponse response = stream.response();
    DataBufferFactory buffers = response.bufferFactory();
    Optional<Digest> key = stream.trains() ? Conditions.keyHash(stream.http()) : Optional.empty();
    Run run = new Run(stream, cutting, key);
    Sinks.Empty<Void> written = Sinks.empty();
    Flux<Flux<ByteBuffer>> answers =
        keysInFlight
            .holding(stream.name(), key, run.answers())
            .concatWith(Flux.defer(run::end))
            .onErrorResume(run::brokenOff)
            // if writing fails before it has begun, nobody else gives the answers up
            .takeUntilOther(written.asMono());
    return Mono.defer(() -> {
          response.getHeaders().setContentType(stream.answeredType());
          return response.writeAndFlushWith(answers.map(pieces -> pieces.map(buffers::wrap)));
        })
        .doFinally(_ -> written.tryEmitEmpty());
  }

  /// Lets each step go on once there is a permit for it. One step is read ahead.
  static <T> Flux<T> permitted(Flux<T> steps, Flux<?> permits) {
    return steps.zipWith(permits, 1, (step, _) -> step);
  }

  /// A stream that is being answered.
  private final class Run {
    private final BatchRequest stream;
    private final StreamParameters cutting;
    private final Optional<StreamKeys> keys;
    private final Envelope envelope;
    private final ControlLines control = new ControlLines();
    private final AnswerSeries series;
    private final Sinks.Many<Boolean> permits = Sinks.many().unicast().onBackpressureBuffer();
    private final MemoryShare memory;
    private final AnswerShape shapes;
    private long index;

    Run(BatchRequest stream, StreamParameters cutting, Optional<Digest> key) {
      this.stream = stream;
      this.cutting = cutting;
      this.series = stream.answered().series();
      this.memory = RequestMemory.of(stream.http());
      this.shapes =
          new AnswerShape(
              stream.answered(),
              stream.definition().features(),
              true,
              intake.mostNumbers(),
              memory);
      this.keys = key.map(hash -> new StreamKeys(hash, Conditions.fingerprint(stream.http())));
      this.envelope =
          Conditions.envelope(stream.http(), stream.name(), Optional.empty(), Optional.empty());
    }

    Flux<Flux<ByteBuffer>> answers() {
      for (int i = 0; i < IN_HAND; i++) {
        permit();
      }
      Flux<DecodedBatch> batches =
          intake.stream(
              stream.http(),
              stream.received(),
              stream.definition(),
              stream.parameters().reading(),
              cutting.rows(),
              cutting.least(),
              cutting.patience());
      // materialized, so that a failure of the body comes last and overtakes no batch
      return permitted(batches.materialize(), permits.asFlux()).concatMap(this::answers, 1);
    }

    private Flux<Flux<ByteBuffer>> answers(Signal<DecodedBatch> step) {
      if (step.isOnError()) {
        return Flux.error(Objects.requireNonNull(step.getThrowable()));
      }
      return step.isOnNext() ? answers(Objects.requireNonNull(step.get())) : Flux.empty();
    }

    private void permit() {
      permits.emitNext(true, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
    }

    private Flux<Flux<ByteBuffer>> answers(DecodedBatch decoded) {
      // for the normalised numbers
      memory.take(decoded.bytes());
      Flux<Flux<ByteBuffer>> whole = answered(decoded).flux();
      int complete = cutting.rows();
      return stream.trains() && decoded.batch().rows() > complete
          ? whole.onErrorResume(
              InvalidInput.class,
              fault -> answered(decoded.first(complete)).flux().concatWith(Mono.error(fault)))
          : whole;
    }

    private Mono<Flux<ByteBuffer>> answered(DecodedBatch decoded) {
      return Mono.defer(() -> {
        Admission batch = new Admission(stream, admission, decoded, shapes);
        return normalized(batch, decoded.batch())
            .map(done -> {
              BatchAnswer answer =
                  BatchController.answer(
                      stream.name(), stream.definition(), stream.mode(), batch.admitted(), done);
              return printed(answer, decoded, batch.shape());
            });
      });
    }

    private Mono<NormalizedRows> normalized(Admission batch, ReceivedBatch received) {
      if (!stream.trains()) {
        Model model = stream.model(normalizers);
        return service.infer(stream.name(), model, batch.admittedBy(model.definition()));
      }
      Envelope first =
          keys.map(known -> envelope.withKey(known.of(index, received))).orElse(envelope);
      return service.train(
          stream.normalizer(),
          batch,
          index == 0 ? first : first.unconditional(),
          stream.parameters().rejectFrozen(),
          stream.parameters().windowId());
    }

    /// The pieces are made when the answer's turn to be written comes, so in the order of the
    /// batches, and not on the event loop.
    private Flux<ByteBuffer> printed(BatchAnswer answer, DecodedBatch decoded, FittedShape fitted) {
      AnswerWriter writer = series.next(answer, fitted.shape());
      List<ByteBuffer> last = new ArrayList<>();
      ByteBuffer line = control.batch(answer, decoded.batch().firstRow());
      if (stream.trains() && cutting.control() && stream.answered().hasLines()) {
        last.add(line);
      }
      index++;
      return Flux.<ByteBuffer>fromIterable(() -> writer)
          .subscribeOn(Schedulers.parallel())
          .concatWith(Flux.fromIterable(last))
          .doFinally(_ -> {
            // of the numbers, of the normalised ones, and of the columns kept beside them
            memory.giveBack(2 * decoded.bytes() + decoded.kept() + fitted.bytes());
            permit();
          });
    }

    /// The end of the answer, after the last batch. It is made after the last piece.
    Flux<Flux<ByteBuffer>> end() {
      boolean summed =
          stream.trains()
              && (stream.answered() == BatchFormat.NDJSON
                  || (stream.answered().hasLines() && cutting.control()));
      if (summed) {
        return Flux.just(Flux.just(control.summary()));
      }
      return series.hasEnd()
          ? Flux.just(Flux.defer(() -> Flux.just(series.end())))
          : Flux.empty();
    }

    Flux<Flux<ByteBuffer>> brokenOff(Throwable error) {
      if (index == 0 || Problems.isClientGone(error)) {
        return Flux.error(error);
      }
      if (!stream.answered().hasLines()) {
        // in its turn, after the rows before it: otherwise it would overtake them, and Spring loses
        // a failure that comes while it writes the first of them
        return Flux.just(Flux.error(error));
      }
      refused.of(stream.name(), stream.mode()).accept(error);
      return Flux.just(Flux.just(ControlLines.problem(problems.document(stream.http(), error))));
    }
  }
}
