package io.evenkeel.http;

import io.evenkeel.codec.BatchAnswer;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.BatchReader;
import io.evenkeel.codec.DecodedBatch;
import io.evenkeel.codec.ReadOptions;
import io.evenkeel.http.BatchParameters.Dtype;
import io.evenkeel.http.BatchParameters.InvalidRows;
import io.evenkeel.http.BatchParameters.OnFrozen;
import io.evenkeel.http.RequestException.BodyTooLarge;
import io.evenkeel.normalizer.BatchListener;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.KeysInFlight;
import io.evenkeel.normalizer.Mode;
import io.evenkeel.normalizer.NormalizationService;
import io.evenkeel.normalizer.NormalizedRows;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Observation;
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

/// Batches: normalised in training or at inference, or observed only.
///
/// ```
/// bytes -> codec: ReceivedBatch -> BatchAdmission -> NormalizationService -> codec: bytes
/// ```
@RestController
@RequestMapping("/api/v1/normalizers")
@Tag(name = "Batches")
class BatchController {
  private final NormalizationService service;
  private final BatchAdmission admission;
  private final KeysInFlight keysInFlight;
  private final BatchListener listener;
  private final HttpSettings settings;

  BatchController(
      NormalizationService service,
      BatchAdmission admission,
      KeysInFlight keysInFlight,
      BatchListener listener,
      HttpSettings settings) {
    this.service = service;
    this.admission = admission;
    this.keysInFlight = keysInFlight;
    this.listener = listener;
    this.settings = settings;
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
      ServerWebExchange exchange) {
    BatchParameters parameters =
        BatchParameters.of(extra, weightColumn, dtype, invalidRows, maxSkipped, onFrozen);
    ServerHttpRequest request = exchange.getRequest();
    Optional<Digest> key = mode == Mode.TRAINING ? Conditions.keyHash(request) : Optional.empty();
    return holdingKey(name, key, Mono.defer(() -> normalize(name, mode, parameters, key, exchange)))
        .doOnError(error -> refused(name, mode, error))
        .flatMap(Supplier::get);
  }

  /// The key is let go before the answer is written: a client that has its answer may send again.
  private <T> Mono<T> holdingKey(NormalizerName name, Optional<Digest> key, Mono<T> request) {
    return key.map(hash -> keysInFlight.holding(name, hash, request)).orElse(request);
  }

  /// Does everything but write the answer, which is left to the caller.
  private Mono<Supplier<Mono<Void>>> normalize(
      NormalizerName name,
      Mode mode,
      BatchParameters parameters,
      Optional<Digest> key,
      ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    Normalizer normalizer = service.get(name);
    BatchFormat received = Negotiation.received(request.getHeaders());
    BatchFormat answered = Negotiation.answered(request.getHeaders(), received);
    parameters.requireFits(received, normalizer.definition());
    Optional<MessageDigest> fingerprint = key.map(_ -> Conditions.fingerprint(request));
    BatchReader reader =
        received.reader(
            normalizer.definition(),
            parameters.reading(),
            Optional.empty(),
            settings.mostNumbers());
    return new BodyReading(reader, limit(request), fingerprint)
        .read(request)
        .flatMap(decoded -> {
          Purpose purpose = mode == Mode.TRAINING ? Purpose.TRAINING : Purpose.INFERENCE;
          AdmittedBatch batch = parameters.admit(admission, decoded.batch(), purpose);
          Mono<NormalizedRows> rows =
              mode == Mode.TRAINING
                  ? service.train(
                      normalizer,
                      batch.batch(),
                      envelope(request, name, key, fingerprint),
                      parameters.rejectFrozen())
                  : service.infer(normalizer, batch.batch());
          return rows.map(done ->
              () ->
                  Answers.write(
                      exchange.getResponse(),
                      answered,
                      answer(normalizer, mode, batch, done),
                      decoded.shape()));
        });
  }

  /// The limit, unless the client says itself that its body is larger.
  private long limit(ServerHttpRequest request) {
    long limit = settings.maxBodySize().toBytes();
    if (request.getHeaders().getContentLength() > limit) {
      throw new BodyTooLarge(limit);
    }
    return limit;
  }

  private static Envelope envelope(
      ServerHttpRequest request,
      NormalizerName name,
      Optional<Digest> key,
      Optional<MessageDigest> fingerprint) {
    Optional<IdempotencyKey> whole =
        key.flatMap(hash -> fingerprint.map(digest -> new IdempotencyKey(hash, Digest.of(digest))));
    return Conditions.envelope(request, name, whole, Optional.empty());
  }

  private static BatchAnswer answer(
      Normalizer normalizer, Mode mode, AdmittedBatch batch, NormalizedRows done) {
    return new BatchAnswer(
        normalizer.name(),
        mode,
        done.outcome(),
        done.version(),
        done.appliedVersion(),
        normalizer.definition().features(),
        batch.received(),
        batch.inPlace(done.values()),
        batch.skipped());
  }

  @Operation(summary = "Count a batch of any length without answering its rows")
  @BatchBody
  @PostMapping("/{name}:observe")
  Mono<Void> observe(
      @PathVariable NormalizerName name,
      @RequestParam(defaultValue = "reject") ReadOptions.Extra extra,
      @RequestParam Optional<String> weightColumn,
      @RequestParam(defaultValue = "float64") Dtype dtype,
      @RequestParam(defaultValue = "normalize") OnFrozen onFrozen,
      ServerWebExchange exchange) {
    BatchParameters parameters =
        BatchParameters.of(extra, weightColumn, dtype, InvalidRows.REJECT, 0, onFrozen);
    Optional<Digest> key = Conditions.keyHash(exchange.getRequest());
    return holdingKey(name, key, Mono.defer(() -> observe(name, parameters, key, exchange)))
        .doOnError(error -> refused(name, Mode.TRAINING, error))
        .flatMap(done -> Answers.write(exchange.getResponse(), name, done));
  }

  private Mono<Observation> observe(
      NormalizerName name,
      BatchParameters parameters,
      Optional<Digest> key,
      ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    Normalizer normalizer = service.get(name);
    Negotiation.requireJson(request.getHeaders());
    BatchFormat received = Negotiation.received(request.getHeaders());
    parameters.requireFits(received, normalizer.definition());
    Optional<MessageDigest> fingerprint = key.map(_ -> Conditions.fingerprint(request));
    ObservedBody observed = new ObservedBody(normalizer, admission);
    BatchReader reader =
        received.reader(
            normalizer.definition(),
            parameters.reading(),
            Optional.of(observed),
            settings.mostNumbers());
    long limit = settings.maxBodySize().toBytes();
    return new BodyReading(reader, limit, fingerprint)
        .read(request)
        .map(DecodedBatch::batch)
        .map(observed::end)
        .flatMap(moments ->
            service.observe(
                normalizer,
                moments,
                envelope(request, name, key, fingerprint),
                parameters.rejectFrozen()));
  }

  private void refused(NormalizerName name, Mode mode, Throwable error) {
    if (!Problems.isClientGone(error)) {
      listener.onRefused(name, mode, Wire.word(Problems.typeOf(error)));
    }
  }
}
