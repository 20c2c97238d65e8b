package io.evenkeel.surface.batches;

import io.evenkeel.admission.AdmittedBatch;
import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.batchnorm.moments.WeightKind;
import io.evenkeel.codec.AnswerShape;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.http.Callers;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.body.Answers;
import io.evenkeel.http.body.BatchIntake;
import io.evenkeel.http.body.Negotiation;
import io.evenkeel.http.body.RefusedBatches;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.normalization.BatchTraces;
import io.evenkeel.normalization.BatchTraces.Step;
import io.evenkeel.normalization.KeysInFlight;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.NormalizationService;
import io.evenkeel.normalization.NormalizedRows;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.surface.batches.BatchParameters.Dtype;
import io.evenkeel.surface.batches.BatchParameters.Guarding;
import io.evenkeel.surface.batches.BatchParameters.InvalidRows;
import io.evenkeel.surface.batches.BatchParameters.OnFrozen;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Answers the rows of a batch, normalised in training or at inference.
///
/// ```
/// bytes -> codec: ReceivedBatch -> BatchAdmission -> NormalizationService -> codec: bytes
/// ```
@RestController
@RequestMapping("/api/v1/normalizers")
@Tag(name = "Batches")
class BatchController {
  private final Normalizers normalizers;
  private final NormalizationService service;
  private final BatchIntake intake;
  private final BatchAdmission admission;
  private final KeysInFlight keysInFlight;
  private final RefusedBatches refused;
  private final BatchStreams streams;
  private final BatchTraces traces;

  BatchController(
      Normalizers normalizers,
      NormalizationService service,
      BatchIntake intake,
      BatchAdmission admission,
      KeysInFlight keysInFlight,
      RefusedBatches refused,
      BatchStreams streams,
      BatchTraces traces) {
    this.normalizers = normalizers;
    this.service = service;
    this.intake = intake;
    this.admission = admission;
    this.keysInFlight = keysInFlight;
    this.refused = refused;
    this.streams = streams;
    this.traces = traces;
  }

  @Operation(summary = "Normalise a batch: rows in, normalised rows out")
  @BatchBody
  @Needs(Role.READER)
  @PostMapping("/{name}:normalize")
  Mono<Void> normalize(
      @PathVariable NormalizerName name,
      @RequestParam(defaultValue = "inference") Mode mode,
      @RequestParam Optional<Extra> extra,
      @RequestParam Optional<String> weightColumn,
      @RequestParam(defaultValue = "float64") Dtype dtype,
      @RequestParam Optional<Long> rows,
      @RequestParam(defaultValue = "reject") InvalidRows invalidRows,
      @RequestParam(defaultValue = "0.01") double maxSkipped,
      @RequestParam(defaultValue = "normalize") OnFrozen onFrozen,
      @RequestParam Optional<String> windowId,
      @RequestParam(defaultValue = "on") Guarding guard,
      @RequestParam(defaultValue = "reliability") WeightKind weightKind,
      @RequestParam Optional<String> snapshot,
      @RequestParam Optional<Integer> batchRows,
      @RequestParam Optional<Integer> batchMillis,
      @RequestParam Optional<Boolean> control,
      ServerWebExchange exchange) {
    ReadOptions reading = BatchParameters.reading(weightColumn, dtype, rows, BodyMembers.BATCH);
    BatchParameters asked =
        BatchParameters.of(reading, invalidRows, maxSkipped, onFrozen, windowId, guard, weightKind);
    return Mono.defer(
            () -> {
              if (mode == Mode.TRAINING) {
                Callers.of(exchange).require(Role.TRAINER);
                BatchParameters.requireNoSnapshot(snapshot);
              }
              Normalizer normalizer = normalizers.get(name);
              if (mode == Mode.INFERENCE) {
                Conditions.require(exchange.getRequest(), normalizer);
              }
              Function<Normalizer, Model> choice =
                  mode == Mode.TRAINING ? Normalizer::live : now -> now.model(snapshot);
              NormalizerDefinition definition = choice.apply(normalizer).definition();
              BatchParameters parameters = asked.withExtra(extra, definition);
              HttpHeaders headers = exchange.getRequest().getHeaders();
              BatchFormat received = Negotiation.received(headers);
              parameters.requireFits(received, definition, mode);
              Optional<StreamParameters> stream =
                  StreamParameters.of(received, definition, mode, batchRows, batchMillis, control);
              BatchFormat answered =
                  stream.isPresent()
                      ? Negotiation.answeredStream(headers, received)
                      : Negotiation.answered(headers, received);
              BatchParameters.requireTyped(reading, received, answered);
              BatchRequest request =
                  new BatchRequest(
                      exchange,
                      normalizer,
                      choice,
                      definition,
                      mode,
                      parameters,
                      received,
                      answered);
              return stream.isPresent() ? streams.answer(request, stream.get()) : traced(request);
            })
        .doOnError(refused.of(name, mode));
  }

  private Mono<Void> traced(BatchRequest request) {
    Mono<Void> whole = whole(request);
    return traces.isOn()
        ? traces.request(
            request.name(),
            request.mode(),
            Optional.ofNullable(request.http().getHeaders().getFirst("traceparent")),
            whole)
        : whole;
  }

  private Mono<Void> whole(BatchRequest request) {
    return (request.trains() ? train(request) : infer(request)).flatMap(Supplier::get);
  }

  /// Does everything but write the answer, which is left to the caller. The key is released before
  /// the answer is written: a client that has its answer may send the key again.
  private Mono<Supplier<Mono<Void>>> train(BatchRequest request) {
    Optional<Digest> key = Conditions.keyHash(request.http());
    return keysInFlight.holding(request.name(), key, Mono.defer(() -> trainHolding(request, key)));
  }

  private Mono<Supplier<Mono<Void>>> trainHolding(BatchRequest request, Optional<Digest> key) {
    Optional<MessageDigest> fingerprint = key.map(_ -> Conditions.fingerprint(request.http()));
    return read(request, fingerprint)
        .flatMap(decoded -> {
          Admission batch = new Admission(request, admission, decoded, shapes(request));
          Mono<NormalizedRows> trained =
              service.train(
                  request.normalizer(),
                  batch,
                  Conditions.envelope(
                      request.http(), request.name(), key, fingerprint, Optional.empty()),
                  request.parameters().terms());
          return traces
              .step(Step.NORMALISE, trained)
              .map(done -> () -> write(request, batch, done));
        });
  }

  private Mono<Supplier<Mono<Void>>> infer(BatchRequest request) {
    return read(request, Optional.empty())
        .flatMap(decoded -> {
          Admission batch = new Admission(request, admission, decoded, shapes(request));
          Model model = request.model(normalizers);
          Mono<NormalizedRows> inferred =
              service.infer(request.name(), model, batch.admittedBy(model.definition()));
          return traces
              .step(Step.NORMALISE, inferred)
              .map(done -> () -> write(request, batch, done));
        });
  }

  private Mono<DecodedBatch> read(BatchRequest request, Optional<MessageDigest> fingerprint) {
    Mono<DecodedBatch> decoded =
        traces.step(
            Step.DECODE,
            intake.read(
                request.http(),
                request.received(),
                request.definition(),
                request.parameters().reading(),
                fingerprint));
    return request.parameters().skipInvalid()
        ? decoded.doOnNext(batch ->
            // a second batch without the skipped rows, and their places
            RequestMemory.of(request.http()).take(2 * batch.bytes()))
        : decoded;
  }

  private Mono<Void> write(BatchRequest request, Admission batch, NormalizedRows done) {
    Answers.suspicious(request.response(), done.reported());
    return traces.step(
        Step.ENCODE,
        Answers.write(
            request.response(),
            request.answered(),
            answer(request.name(), request.definition(), request.mode(), batch.admitted(), done),
            batch.shape().shape(),
            RequestMemory.of(request.http())));
  }

  private AnswerShape shapes(BatchRequest request) {
    return new AnswerShape(
        request.answered(),
        request.definition().features(),
        false,
        intake.mostNumbers(),
        RequestMemory.of(request.http()));
  }

  static BatchAnswer answer(
      NormalizerName name,
      NormalizerDefinition definition,
      Mode mode,
      AdmittedBatch batch,
      NormalizedRows done) {
    return new BatchAnswer(
        name,
        mode,
        done.outcome(),
        done.version(),
        done.appliedVersion(),
        definition.features(),
        batch.received(),
        batch.inPlace(done.rows()),
        batch.skipped());
  }
}
