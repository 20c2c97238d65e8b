package io.evenkeel.http;

import io.evenkeel.codec.BatchAnswer;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.BodyMembers;
import io.evenkeel.codec.ReadOptions;
import io.evenkeel.http.BatchParameters.Dtype;
import io.evenkeel.http.BatchParameters.InvalidRows;
import io.evenkeel.http.BatchParameters.OnFrozen;
import io.evenkeel.normalizer.BatchListener;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.KeysInFlight;
import io.evenkeel.normalizer.Mode;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationService;
import io.evenkeel.normalizer.NormalizedRows;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.validation.AdmittedBatch;
import io.evenkeel.validation.BatchAdmission;
import io.evenkeel.validation.BatchAdmission.Purpose;
import io.evenkeel.validation.Wire;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Batches whose rows are answered, normalised in training or at inference.
///
/// ```
/// bytes -> codec: ReceivedBatch -> BatchAdmission -> NormalizationService -> codec: bytes
/// ```
@RestController
@RequestMapping("/api/v1/normalizers")
@Tag(name = "Batches")
class BatchController {
  private final NormalizationService service;
  private final BatchIntake intake;
  private final BatchAdmission admission;
  private final KeysInFlight keysInFlight;
  private final BatchListener listener;

  BatchController(
      NormalizationService service,
      BatchIntake intake,
      BatchAdmission admission,
      KeysInFlight keysInFlight,
      BatchListener listener) {
    this.service = service;
    this.intake = intake;
    this.admission = admission;
    this.keysInFlight = keysInFlight;
    this.listener = listener;
  }

  @Operation(summary = "Normalise a batch: rows in, normalised rows out")
  @BatchBody
  @PostMapping("/{name}:normalize")
  Mono<Void> normalize(
      @PathVariable NormalizerName name,
      @RequestParam(defaultValue = "inference") Mode mode,
      @RequestParam(defaultValue = "reject") ReadOptions.Extra extra,
      @RequestParam Optional<String> weightColumn,
      @RequestParam(defaultValue = "float64") Dtype dtype,
      @RequestParam(defaultValue = "reject") InvalidRows invalidRows,
      @RequestParam(defaultValue = "0.01") double maxSkipped,
      @RequestParam(defaultValue = "normalize") OnFrozen onFrozen,
      @RequestParam Optional<String> windowId,
      @RequestParam Optional<String> snapshot,
      ServerWebExchange exchange) {
    ReadOptions reading = BatchParameters.reading(extra, weightColumn, dtype, BodyMembers.BATCH);
    BatchParameters parameters =
        BatchParameters.of(reading, invalidRows, maxSkipped, onFrozen, windowId);
    Mono<Supplier<Mono<Void>>> answered =
        mode == Mode.TRAINING
            ? train(name, parameters, snapshot, exchange)
            : Mono.defer(() -> infer(name, parameters, snapshot, exchange));
    return answered.doOnError(error -> refused(name, mode, error)).flatMap(Supplier::get);
  }

  /// Does everything but write the answer, which is left to the caller: the key is let go before,
  /// since a client that has its answer may send again.
  private Mono<Supplier<Mono<Void>>> train(
      NormalizerName name,
      BatchParameters parameters,
      Optional<String> snapshot,
      ServerWebExchange exchange) {
    BatchParameters.requireNoSnapshot(snapshot);
    Optional<Digest> key = Conditions.keyHash(exchange.getRequest());
    return keysInFlight.holding(
        name, key, Mono.defer(() -> trainHolding(name, parameters, key, exchange)));
  }

  private Mono<Supplier<Mono<Void>>> trainHolding(
      NormalizerName name,
      BatchParameters parameters,
      Optional<Digest> key,
      ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    Normalizer normalizer = service.get(name);
    Exchanged formats = formats(request, parameters, normalizer.definition(), Mode.TRAINING);
    Optional<MessageDigest> fingerprint = key.map(_ -> Conditions.fingerprint(request));
    return intake
        .read(
            request, formats.received(), normalizer.definition(), parameters.reading(), fingerprint)
        .flatMap(decoded -> {
          AdmittedBatch batch = parameters.admit(admission, decoded.batch(), Purpose.TRAINING);
          return service
              .train(
                  normalizer,
                  batch.batch(),
                  batch::pointer,
                  Conditions.envelope(request, name, key, fingerprint, Optional.empty()),
                  parameters.rejectFrozen(),
                  parameters.windowId())
              .map(done ->
                  () ->
                      Answers.write(
                          exchange.getResponse(),
                          formats.answered(),
                          answer(name, normalizer.definition(), Mode.TRAINING, batch, done),
                          decoded.shape()));
        });
  }

  private Mono<Supplier<Mono<Void>>> infer(
      NormalizerName name,
      BatchParameters parameters,
      Optional<String> snapshot,
      ServerWebExchange exchange) {
    Normalizer normalizer = service.get(name);
    Model model = snapshot.map(normalizer::model).orElseGet(normalizer::serving);
    NormalizerDefinition definition = model.definition();
    Exchanged formats = formats(exchange.getRequest(), parameters, definition, Mode.INFERENCE);
    return intake
        .read(
            exchange.getRequest(),
            formats.received(),
            definition,
            parameters.reading(),
            Optional.empty())
        .flatMap(decoded -> {
          AdmittedBatch batch = parameters.admit(admission, decoded.batch(), Purpose.INFERENCE);
          return service
              .infer(name, model, batch.batch(), batch::pointer)
              .map(done ->
                  () ->
                      Answers.write(
                          exchange.getResponse(),
                          formats.answered(),
                          answer(name, definition, Mode.INFERENCE, batch, done),
                          decoded.shape()));
        });
  }

  private record Exchanged(BatchFormat received, BatchFormat answered) {}

  private static Exchanged formats(
      ServerHttpRequest request,
      BatchParameters parameters,
      NormalizerDefinition definition,
      Mode mode) {
    BatchFormat received = Negotiation.received(request.getHeaders());
    BatchFormat answered = Negotiation.answered(request.getHeaders(), received);
    parameters.requireFits(received, definition, mode);
    return new Exchanged(received, answered);
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
        batch.inPlace(done.values()),
        batch.skipped());
  }

  private void refused(NormalizerName name, Mode mode, Throwable error) {
    if (!Problems.isClientGone(error)) {
      listener.onRefused(name, mode, Wire.word(Problems.typeOf(error)));
    }
  }
}
