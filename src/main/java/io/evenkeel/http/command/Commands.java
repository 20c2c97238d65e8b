package io.evenkeel.http.command;

import io.evenkeel.http.Conditions;
import io.evenkeel.normalization.KeysInFlight;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/// Carries out a command that came with a document, if its conditions hold. A POST is carried out
/// once for each idempotency key.
@Component
public final class Commands {
  private final NormalizerLog log;
  private final KeysInFlight keysInFlight;
  private final Validity validity;
  private final JsonMapper json;

  Commands(NormalizerLog log, KeysInFlight keysInFlight, Validity validity, JsonMapper json) {
    this.log = log;
    this.keysInFlight = keysInFlight;
    this.validity = validity;
    this.json = json;
  }

  /// The result of a command.
  ///
  /// @param state the normalizer afterwards
  /// @param replayed whether the key had been applied before
  public record Done(Normalizer state, boolean replayed) {

    /// An answer with the entity tag and the version of the state.
    public ResponseEntity.BodyBuilder answer(HttpStatus status) {
      ResponseEntity.BodyBuilder response = ResponseEntity.status(status);
      if (replayed) {
        response.header(Conditions.IDEMPOTENCY_REPLAYED, "true");
      }
      return NormalizerView.tagged(response, state);
    }

    /// An answer that shows the state.
    public ResponseEntity<Mono<NormalizerView>> view() {
      return answer(HttpStatus.OK).body(Mono.fromSupplier(() -> NormalizerView.of(state)));
    }
  }

  /// Appends the event that the body of a request asks for, if the body obeys its constraints.
  ///
  /// Fails if the fold refuses the event.
  ///
  /// @param subject what the body is about, for its problem document
  public <T extends CommandBody> Mono<Done> carryOut(
      ServerHttpRequest request,
      NormalizerName name,
      Mono<T> body,
      Subject subject,
      BiFunction<T, Envelope, NormalizerEvent> event) {
    return body.map(document -> validity.require(document, subject))
        .flatMap(document ->
            carryOut(
                request,
                name,
                document,
                document.reason(),
                envelope -> event.apply(document, envelope)));
  }

  /// Appends the event that a request asks for.
  ///
  /// Fails if the fold refuses the event.
  ///
  /// @param document the body of the request, as it was read
  /// @param reason for the audit trail
  public Mono<Done> carryOut(
      ServerHttpRequest request,
      NormalizerName name,
      Object document,
      @Nullable String reason,
      Function<Envelope, NormalizerEvent> event) {
    Optional<Digest> key =
        request.getMethod().equals(HttpMethod.POST)
            ? Conditions.keyHash(request)
            : Optional.empty();
    Optional<IdempotencyKey> whole = key.map(hash -> keyed(hash, request, document));
    Envelope envelope = Conditions.envelope(request, name, whole, Optional.ofNullable(reason));
    Mono<Done> done =
        log.append(event.apply(envelope))
            .map(outcome -> new Done(outcome.state(), outcome instanceof Outcome.Duplicate));
    return keysInFlight.holding(name, key, done);
  }

  /// The fingerprint is of the content of the body, and not of its spelling.
  private IdempotencyKey keyed(Digest hash, ServerHttpRequest request, Object document) {
    MessageDigest fingerprint = Conditions.fingerprint(request);
    fingerprint.update(json.writeValueAsBytes(document));
    return new IdempotencyKey(hash, Digest.of(fingerprint));
  }
}
