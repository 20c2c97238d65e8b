package io.evenkeel.admin;

import io.evenkeel.http.Conditions;
import io.evenkeel.http.NormalizerView;
import io.evenkeel.http.Outcomes;
import io.evenkeel.http.Validity;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.KeysInFlight;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerLog;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// Commands of operators. Each honours `If-Match` and `Idempotency-Key`, and doing one again
/// changes nothing, but for `:reset`, which always makes a new version.
@RestController
@RequestMapping(path = "/api/v1/admin/normalizers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Administration")
class AdminController {
  private final NormalizerLog log;
  private final Validity validity;
  private final KeysInFlight keysInFlight;

  AdminController(NormalizerLog log, Validity validity, KeysInFlight keysInFlight) {
    this.log = log;
    this.validity = validity;
    this.keysInFlight = keysInFlight;
  }

  @Operation(summary = "Hold the running statistics, and by scope gamma and beta")
  @PostMapping(path = "/{name}:freeze", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<NormalizerView>> freeze(
      @PathVariable NormalizerName name,
      @RequestBody(required = false) Mono<FreezeDocument> body,
      ServerHttpRequest request) {
    return body.defaultIfEmpty(FreezeDocument.EMPTY)
        .map(document -> validity.require(document, Subject.REQUEST))
        .flatMap(document ->
            command(
                request,
                name,
                document,
                document.reason(),
                envelope -> new NormalizerEvent.Frozen(envelope, document.toScope())));
  }

  @Operation(summary = "Hold nothing any longer")
  @PostMapping(path = "/{name}:unfreeze", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<NormalizerView>> unfreeze(
      @PathVariable NormalizerName name,
      @RequestBody(required = false) Mono<CommandDocument> body,
      ServerHttpRequest request) {
    return plain(body, request, name, NormalizerEvent.Unfrozen::new);
  }

  @Operation(summary = "Begin the statistics anew; gamma, beta and keys stay")
  @PostMapping(path = "/{name}:reset", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<NormalizerView>> reset(
      @PathVariable NormalizerName name,
      @RequestBody(required = false) Mono<CommandDocument> body,
      ServerHttpRequest request) {
    return plain(body, request, name, NormalizerEvent.Reset::new);
  }

  private Mono<ResponseEntity<NormalizerView>> plain(
      Mono<CommandDocument> body,
      ServerHttpRequest request,
      NormalizerName name,
      Function<Envelope, NormalizerEvent> event) {
    return body.defaultIfEmpty(CommandDocument.EMPTY)
        .map(document -> validity.require(document, Subject.REQUEST))
        .flatMap(document -> command(request, name, document, document.reason(), event));
  }

  private Mono<ResponseEntity<NormalizerView>> command(
      ServerHttpRequest request,
      NormalizerName name,
      Object document,
      @Nullable String reason,
      Function<Envelope, NormalizerEvent> event) {
    Optional<Digest> key = Conditions.keyHash(request);
    Optional<IdempotencyKey> whole = key.map(hash -> keyed(hash, request, document));
    Envelope envelope = Conditions.envelope(request, name, whole, Optional.ofNullable(reason));
    Mono<ResponseEntity<NormalizerView>> done =
        log.append(event.apply(envelope))
            .map(outcome -> {
              ResponseEntity.BodyBuilder response = ResponseEntity.ok();
              if (outcome instanceof Outcome.Duplicate) {
                response.header(Conditions.IDEMPOTENCY_REPLAYED, "true");
              }
              return NormalizerView.answer(response, Outcomes.state(outcome));
            });
    return key.map(hash -> keysInFlight.holding(name, hash, done)).orElse(done);
  }

  /// The fingerprint takes what the body says, not how it is spelled.
  private static IdempotencyKey keyed(Digest hash, ServerHttpRequest request, Object document) {
    MessageDigest fingerprint = Conditions.fingerprint(request);
    fingerprint.update(document.toString().getBytes(StandardCharsets.UTF_8));
    return new IdempotencyKey(hash, Digest.of(fingerprint));
  }
}
