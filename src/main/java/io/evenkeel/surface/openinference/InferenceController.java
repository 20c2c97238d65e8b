package io.evenkeel.surface.openinference;

import io.evenkeel.admission.AdmittedBatch;
import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.http.Callers;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.body.Answers;
import io.evenkeel.http.body.BatchIntake;
import io.evenkeel.http.body.RefusedBatches;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.http.problem.RequestException.NotAcceptable;
import io.evenkeel.normalization.AskedBatch;
import io.evenkeel.normalization.KeysInFlight;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.NormalizationService;
import io.evenkeel.normalization.NormalizedRows;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalization.Terms;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.surface.openinference.tensor.InferenceAnswer;
import io.evenkeel.surface.openinference.tensor.InferenceAnswerWriter;
import io.evenkeel.surface.openinference.tensor.InferenceReader;
import io.evenkeel.surface.openinference.tensor.InferenceTerms;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Inference requests. A request may also be a training batch: its body says so.
///
/// ```
/// bytes -> InferenceReader -> BatchAdmission -> NormalizationService -> InferenceAnswer -> bytes
/// ```
///
/// The media type is ignored: clients of the protocol send any, or none.
@RestController
@RequestMapping("/v2/models/{name}")
@Tag(name = "Open Inference Protocol")
class InferenceController {
  private final Normalizers normalizers;
  private final NormalizationService service;
  private final BatchIntake intake;
  private final BatchAdmission admission;
  private final KeysInFlight keysInFlight;
  private final RefusedBatches refused;
  private final InferenceCounts counts;

  InferenceController(
      Normalizers normalizers,
      NormalizationService service,
      BatchIntake intake,
      BatchAdmission admission,
      KeysInFlight keysInFlight,
      RefusedBatches refused,
      InferenceCounts counts) {
    this.normalizers = normalizers;
    this.service = service;
    this.intake = intake;
    this.admission = admission;
    this.keysInFlight = keysInFlight;
    this.refused = refused;
    this.counts = counts;
  }

  @Operation(
      summary = "Normalise a tensor by the serving model, or train with it (parameters.mode)")
  @InferenceBody
  @Needs(Role.READER)
  @PostMapping("/infer")
  Mono<Void> infer(
      @PathVariable NormalizerName name,
      @RequestParam(defaultValue = "response") AnswerAs as,
      @RequestParam Optional<String> input,
      ServerWebExchange exchange) {
    return infer(name, Optional.empty(), as, input, exchange);
  }

  @Operation(summary = "Normalise a tensor by a version of the model")
  @InferenceBody
  @Needs(Role.READER)
  @PostMapping("/versions/{version}/infer")
  Mono<Void> infer(
      @PathVariable NormalizerName name,
      @PathVariable String version,
      @RequestParam(defaultValue = "response") AnswerAs as,
      @RequestParam Optional<String> input,
      ServerWebExchange exchange) {
    return infer(name, Optional.of(version), as, input, exchange);
  }

  private Mono<Void> infer(
      NormalizerName name,
      Optional<String> version,
      AnswerAs as,
      Optional<String> input,
      ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    return Mono.fromCallable(() ->
            InferenceRequest.of(
                normalizers.get(name), version, request, as.form(input), intake.mostNumbers()))
        .doOnError(refused.of(name, Mode.INFERENCE))
        .flatMap(inference ->
            counts
                .counted(inference.served(), answered(inference, exchange))
                .doOnError(error -> refused.of(name, inference.reader().mode()).accept(error)))
        .flatMap(Answer::write);
  }

  /// An answer that is ready to be written.
  private record Answer(int rows, Supplier<Mono<Void>> writing)
      implements InferenceCounts.Answered {
    Mono<Void> write() {
      return writing.get();
    }
  }

  /// Does everything but write the answer, which is left to the caller. The key is released before
  /// the answer is written: a client that has its answer may send the key again. The key is taken
  /// only for a body that trains, from a caller who may: a reader's requests take no keys.
  private Mono<Answer> answered(InferenceRequest inference, ServerWebExchange exchange) {
    InferenceReader reader = inference.reader();
    return intake
        .read(exchange.getRequest(), reader, inference.served().features(), inference.fingerprint())
        .doOnNext(_ -> reader.keptOther().ifPresent(InferenceController::refuseKept))
        .flatMap(decoded ->
            reader.mode() == Mode.TRAINING
                ? train(inference, decoded.batch(), exchange)
                : infer(inference, decoded.batch(), exchange));
  }

  private static void refuseKept(String name) {
    throw new NotAcceptable(
        "The tensor "
            + Excerpt.quoted(name)
            + " is no feature. The definition keeps such columns, but the answer of this protocol"
            + " has no place for them: leave the tensor out, or set the definition's 'extra'"
            + " to 'ignore'.");
  }

  private Mono<Answer> infer(
      InferenceRequest inference, ReceivedBatch received, ServerWebExchange exchange) {
    ServedModel served = inference.served(normalizers.now(inference.served().normalizer()));
    Conditions.require(exchange.getRequest(), served.normalizer());
    ReceivedBatch batch = received.heldAgainst(served.model().definition());
    AdmittedBatch admitted = admission.admit(batch, Purpose.INFERENCE);
    return service
        .infer(inference.name(), served.model(), asked(inference, admitted))
        .map(done ->
            new Answer(
                admitted.received(), () -> write(inference, served.version(), done, exchange)));
  }

  private static AskedBatch asked(InferenceRequest inference, AdmittedBatch admitted) {
    return admitted.asked(inference.reader().terms().floatType());
  }

  private Mono<Answer> train(
      InferenceRequest inference, ReceivedBatch received, ServerWebExchange exchange) {
    Callers.of(exchange).require(Role.TRAINER);
    Normalizer normalizer = inference.served().trained();
    Mono<NormalizedRows> trained =
        Mono.defer(() ->
            service.train(
                normalizer,
                definition ->
                    asked(
                        inference,
                        admission.admit(received.heldAgainst(definition), Purpose.TRAINING)),
                inference.envelope(exchange.getRequest()),
                Terms.USUAL));
    return keysInFlight
        .holding(inference.name(), inference.key(), trained)
        .map(done -> {
          String version = Long.toString(done.version());
          return new Answer(received.rows(), () -> write(inference, version, done, exchange));
        });
  }

  private static Mono<Void> write(
      InferenceRequest inference, String version, NormalizedRows done, ServerWebExchange exchange) {
    InferenceTerms terms = inference.reader().terms();
    InferenceAnswerWriter writer =
        new InferenceAnswer(
                inference.name().value(),
                version,
                terms,
                done.outcome(),
                done.appliedVersion(),
                done.values())
            .writer(RequestMemory.of(exchange.getRequest()));
    ServerHttpResponse response = exchange.getResponse();
    Answers.head(response, done.outcome(), done.version());
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(
        terms.hasBytes() ? MediaType.APPLICATION_OCTET_STREAM : MediaType.APPLICATION_JSON);
    if (terms.hasBytes()) {
      headers.set(InferenceRequest.HEAD_LENGTH, Integer.toString(writer.headLength()));
      headers.setContentLength(writer.length());
    }
    return Answers.write(response, writer);
  }
}
