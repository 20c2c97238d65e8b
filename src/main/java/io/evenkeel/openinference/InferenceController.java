package io.evenkeel.openinference;

import io.evenkeel.codec.CodedPieces;
import io.evenkeel.codec.Coding;
import io.evenkeel.codec.InferenceAnswer;
import io.evenkeel.codec.InferenceAnswerWriter;
import io.evenkeel.codec.InferenceReader;
import io.evenkeel.codec.InferenceRequest;
import io.evenkeel.http.Answers;
import io.evenkeel.http.BatchIntake;
import io.evenkeel.http.Codings;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.Problems;
import io.evenkeel.http.RequestException.BadParameter;
import io.evenkeel.normalizer.AskedBatch;
import io.evenkeel.normalizer.BatchListener;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.KeysInFlight;
import io.evenkeel.normalizer.Mode;
import io.evenkeel.normalizer.NormalizationService;
import io.evenkeel.normalizer.NormalizedRows;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.validation.AdmittedBatch;
import io.evenkeel.validation.BatchAdmission;
import io.evenkeel.validation.BatchAdmission.Purpose;
import io.evenkeel.validation.ReceivedBatch;
import io.evenkeel.validation.Wire;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Inference requests, each of which may also be a training batch: what one is, its body says.
///
/// ```
/// bytes -> codec.InferenceReader -> BatchAdmission -> NormalizationService -> codec.InferenceAnswer
/// ```
///
/// Clients of the protocol send any media type or none, so that none is looked at.
@RestController
@RequestMapping("/v2/models/{name}")
@Tag(name = "Open Inference Protocol")
class InferenceController {
  /// The header that tells how many bytes of a body are JSON.
  private static final String HEAD_LENGTH = "Inference-Header-Content-Length";

  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private final NormalizationService service;
  private final BatchIntake intake;
  private final BatchAdmission admission;
  private final KeysInFlight keysInFlight;
  private final BatchListener listener;

  InferenceController(
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

  @Operation(summary = "Normalise a tensor by what serves, or train with it: parameters.mode")
  @InferenceBody
  @PostMapping("/infer")
  Mono<Void> infer(@PathVariable NormalizerName name, ServerWebExchange exchange) {
    return infer(name, Optional.empty(), exchange);
  }

  @Operation(summary = "Normalise a tensor by a version of the model")
  @InferenceBody
  @PostMapping("/versions/{version}/infer")
  Mono<Void> infer(
      @PathVariable NormalizerName name, @PathVariable String version, ServerWebExchange exchange) {
    return infer(name, Optional.of(version), exchange);
  }

  private Mono<Void> infer(
      NormalizerName name, Optional<String> version, ServerWebExchange exchange) {
    return Mono.fromCallable(() -> reading(name, version, exchange.getRequest()))
        .doOnError(error -> refused(name, Mode.INFERENCE, error))
        .flatMap(reading ->
            answered(reading, exchange)
                .doOnError(error -> refused(name, reading.reader().mode(), error)))
        .flatMap(Supplier::get);
  }

  /// A request whose body is still to be read.
  ///
  /// @param key the hash of its key
  /// @param fingerprint sees every byte, where it has a key
  private record Reading(
      ServedModel served,
      InferenceReader reader,
      Optional<Digest> key,
      Optional<MessageDigest> fingerprint) {}

  private Reading reading(
      NormalizerName name, Optional<String> version, ServerHttpRequest request) {
    Normalizer normalizer = service.get(name);
    ServedModel served =
        version
            .map(asked -> ServedModel.of(normalizer, asked))
            .orElseGet(() -> ServedModel.serving(normalizer));
    OptionalLong headLength = headLength(request.getHeaders());
    InferenceReader reader =
        new InferenceReader(normalizer.definition(), headLength, intake.mostNumbers());
    Optional<Digest> key = Conditions.keyHash(request);
    return new Reading(served, reader, key, key.map(_ -> fingerprint(request, headLength)));
  }

  private static OptionalLong headLength(HttpHeaders headers) {
    List<String> values = headers.getOrEmpty(HEAD_LENGTH);
    if (values.isEmpty()) {
      return OptionalLong.empty();
    }
    String value = values.getFirst().strip();
    if (values.size() > 1 || !LENGTH.matcher(value).matches()) {
      throw new BadParameter(HEAD_LENGTH + " must be one whole number, not negative.");
    }
    return OptionalLong.of(Long.parseLong(value));
  }

  private static MessageDigest fingerprint(ServerHttpRequest request, OptionalLong headLength) {
    MessageDigest digest = Conditions.fingerprint(request);
    digest.update((headLength + "\n").getBytes(StandardCharsets.US_ASCII));
    return digest;
  }

  /// Does everything but write the answer, which is left to the caller: the key is let go before,
  /// since a client that has its answer may send again. It is held from the start, although only
  /// the body says whether there is anything to count once.
  private Mono<Supplier<Mono<Void>>> answered(Reading reading, ServerWebExchange exchange) {
    InferenceReader reader = reading.reader();
    Mono<Supplier<Mono<Void>>> answered =
        Mono.defer(() -> intake.read(exchange.getRequest(), reader, reading.fingerprint()))
            .flatMap(decoded ->
                reader.mode() == Mode.TRAINING
                    ? train(reading, decoded.batch(), exchange)
                    : infer(reading, decoded.batch(), exchange));
    return keysInFlight.holding(reading.served().normalizer().name(), reading.key(), answered);
  }

  private Mono<Supplier<Mono<Void>>> infer(
      Reading reading, ReceivedBatch received, ServerWebExchange exchange) {
    ServedModel served = reading.served();
    ReceivedBatch batch = received.heldAgainst(served.model().definition());
    AdmittedBatch admitted = admission.admit(batch, Purpose.INFERENCE);
    return service
        .infer(served.normalizer().name(), served.model(), asked(reading, admitted))
        .map(done -> () -> write(reading, served.version(), admitted.received(), done, exchange));
  }

  private Mono<Supplier<Mono<Void>>> train(
      Reading reading, ReceivedBatch received, ServerWebExchange exchange) {
    Normalizer normalizer = reading.served().trained();
    AdmittedBatch admitted = admission.admit(received, Purpose.TRAINING);
    return service
        .train(
            normalizer,
            asked(reading, admitted),
            envelope(reading, exchange.getRequest()),
            false,
            Optional.empty())
        .map(done -> {
          String version = Long.toString(done.version());
          return () -> write(reading, version, admitted.received(), done, exchange);
        });
  }

  private static AskedBatch asked(Reading reading, AdmittedBatch admitted) {
    return admitted.asked(reading.reader().request().type().floatType());
  }

  /// A version in the path must still hold, as one in `If-Match` must, which goes before it.
  private static Envelope envelope(Reading reading, ServerHttpRequest request) {
    ServedModel served = reading.served();
    Envelope envelope =
        Conditions.envelope(
            request,
            served.normalizer().name(),
            reading.key(),
            reading.fingerprint(),
            Optional.empty());
    return served.named() && !Conditions.hasExpected(request)
        ? envelope.forRevision(served.normalizer().revision())
        : envelope;
  }

  private static Mono<Void> write(
      Reading reading, String version, int rows, NormalizedRows done, ServerWebExchange exchange) {
    InferenceRequest request = reading.reader().request();
    int features = reading.served().features();
    InferenceAnswerWriter writer =
        new InferenceAnswer(
                reading.served().normalizer().name().value(),
                version,
                request,
                done.outcome(),
                done.appliedVersion(),
                rows,
                features,
                done.values())
            .writer();
    ServerHttpResponse response = exchange.getResponse();
    Answers.head(response, done.outcome(), done.version());
    HttpHeaders headers = response.getHeaders();
    Optional<Coding> coding = Codings.answered(exchange.getRequest().getHeaders());
    headers.setContentType(
        request.binary() ? MediaType.APPLICATION_OCTET_STREAM : MediaType.APPLICATION_JSON);
    if (request.binary()) {
      headers.set(HEAD_LENGTH, Integer.toString(writer.headLength()));
    }
    if (coding.isPresent()) {
      headers.set(HttpHeaders.CONTENT_ENCODING, coding.get().word());
      CodedPieces pieces = coding.get().coded(writer);
      return Answers.write(response, pieces).doFinally(_ -> pieces.close());
    }
    if (request.binary()) {
      headers.setContentLength(writer.length());
    }
    return Answers.write(response, writer);
  }

  private void refused(NormalizerName name, Mode mode, Throwable error) {
    if (!Problems.isClientGone(error)) {
      listener.onRefused(name, mode, Wire.word(Problems.typeOf(error)));
    }
  }
}
