package io.evenkeel.surface.batches;

import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.codec.AnswerSeries;
import io.evenkeel.codec.AnswerShape;
import io.evenkeel.codec.BatchFormat;
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
import io.evenkeel.normalizer.NormalizationException.DefinitionChanged;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.OutOfTurn;
import io.evenkeel.normalizer.NormalizationException.RowsUnproven;
import io.evenkeel.normalizer.Succession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/// Answers streams of batches, each batch as soon as it is normalised. Up to eight batches of a
/// training are under way at once, so that the log may be far away; inference takes one after the
/// other. No more is read than what is in hand, so that a slow reader slows its own producer. Each
/// batch is normalised by the state of the normalizer when its turn comes.
///
/// ```
/// bytes -> BatchIntake: batches -> BatchesUnderWay: admitted, normalised, printed -> bytes
/// ```
@Component
final class BatchStreams {
  /// How many training batches are read whose answers the client has not read yet.
  static final int IN_TRAINING = 8;

  private static final int AT_INFERENCE = 2;

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
    return Mono.defer(
            () -> {
              response.getHeaders().setContentType(stream.answeredType());
              return response.writeAndFlushWith(answers.map(pieces -> pieces.map(buffers::wrap)));
            })
        .doFinally(_ -> written.tryEmitEmpty());
  }

  /// A stream that is being answered.
  private final class Run implements BatchSteps<StreamedBatch, ByteBuffer> {
    private final BatchRequest stream;
    private final StreamParameters cutting;
    private final Optional<StreamKeys> keys;
    private final Envelope envelope;
    private final ControlLines control = new ControlLines();
    private final AnswerSeries series;
    private final MemoryShare memory;
    private final AnswerShape shapes;
    private boolean answered;

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
      Flux<StreamedBatch> batches =
          intake.stream(
                  stream.http(),
                  stream.received(),
                  stream.definition(),
                  stream.parameters().reading(),
                  cutting.rows(),
                  cutting.least(),
                  cutting.patience())
              .index(this::streamed);
      return stream.trains()
          ? new BatchesUnderWay<>(batches, this, IN_TRAINING, IN_TRAINING, Schedulers.parallel())
          : new BatchesUnderWay<>(batches, this, AT_INFERENCE, 1, Schedulers.parallel());
    }

    private StreamedBatch streamed(long index, DecodedBatch decoded) {
      // for the normalised numbers
      memory.take(decoded.bytes());
      return new StreamedBatch(index, decoded, new Admission(stream, admission, decoded, shapes));
    }

    @Override
    public Mono<Mono<Supplier<Flux<ByteBuffer>>>> prepare(
        StreamedBatch batch, Succession.Place place) {
      if (!stream.trains()) {
        return Mono.fromSupplier(() -> answer(batch, infer(batch)));
      }
      return Mono.defer(() ->
          service
              .prepare(
                  stream.normalizer(),
                  batch.admission(),
                  envelope(batch).at(place),
                  stream.parameters().terms())
              .map(counted -> answer(batch, counted)));
    }

    @Override
    public Mono<Supplier<Flux<ByteBuffer>>> alone(StreamedBatch batch) {
      return answer(
          batch,
          Mono.defer(() ->
              service.train(
                  stream.normalizer(),
                  batch.admission(),
                  envelope(batch),
                  stream.parameters().terms())));
    }

    private Mono<NormalizedRows> infer(StreamedBatch batch) {
      Model model = stream.model(normalizers);
      return service.infer(stream.name(), model, batch.admission().admittedBy(model.definition()));
    }

    /// The conditions of the request are those of its first batch.
    private Envelope envelope(StreamedBatch batch) {
      Envelope keyed =
          keys.map(known -> envelope.withKey(known.of(batch.index(), batch.decoded().batch())))
              .orElse(envelope);
      return batch.index() == 0 ? keyed : keyed.unconditional();
    }

    private Mono<Supplier<Flux<ByteBuffer>>> answer(
        StreamedBatch batch, Mono<NormalizedRows> normalized) {
      return normalized.map(done -> {
        BatchAnswer answer =
            BatchController.answer(
                stream.name(),
                stream.definition(),
                stream.mode(),
                batch.admission().admitted(),
                done);
        return () -> printed(answer, batch);
      });
    }

    @Override
    public boolean mayCountLater(Throwable failure) {
      return failure instanceof DefinitionChanged
          || failure instanceof RowsUnproven
          || failure instanceof OutOfTurn;
    }

    /// Rows that are too few for a batch have joined the one in front of them, which is complete
    /// without them.
    @Override
    public Optional<StreamedBatch> remainder(StreamedBatch batch, Throwable failure) {
      int complete = cutting.rows();
      if (!stream.trains()
          || !(failure instanceof InvalidInput)
          || batch.decoded().rows() <= complete) {
        return Optional.empty();
      }
      DecodedBatch first = batch.decoded().first(complete);
      return Optional.of(
          new StreamedBatch(batch.index(), first, new Admission(stream, admission, first, shapes)));
    }

    @Override
    public long bytes(StreamedBatch batch) {
      return batch.bytes();
    }

    /// The pieces are made when the answer's turn to be written comes, so in the order of the
    /// batches, and not on the event loop.
    private Flux<ByteBuffer> printed(BatchAnswer answer, StreamedBatch batch) {
      answered = true;
      AnswerWriter writer = series.next(answer, batch.admission().shape().shape());
      List<ByteBuffer> last = new ArrayList<>();
      ByteBuffer line = control.batch(answer, batch.decoded().firstRow());
      if (stream.trains() && cutting.control() && stream.answered().hasLines()) {
        last.add(line);
      }
      return Flux.<ByteBuffer>fromIterable(() -> writer)
          .subscribeOn(Schedulers.parallel())
          .concatWith(Flux.fromIterable(last))
          .doFinally(_ -> memory.giveBack(batch.bytes()));
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
      return series.hasEnd() ? Flux.just(Flux.defer(() -> Flux.just(series.end()))) : Flux.empty();
    }

    Flux<Flux<ByteBuffer>> brokenOff(Throwable error) {
      if (!answered || Problems.isClientGone(error)) {
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
