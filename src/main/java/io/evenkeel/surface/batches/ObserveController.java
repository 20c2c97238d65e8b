package io.evenkeel.surface.batches;

import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.admission.ReceivedStatistics;
import io.evenkeel.admission.SkippedRows;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.WeightKind;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.body.Answers;
import io.evenkeel.http.body.BatchIntake;
import io.evenkeel.http.body.Negotiation;
import io.evenkeel.http.body.RefusedBatches;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.normalization.KeysInFlight;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.NormalizationService;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalization.Observation;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.NormalizationException.DefinitionChanged;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.surface.batches.BatchParameters.Dtype;
import io.evenkeel.surface.batches.BatchParameters.Guarding;
import io.evenkeel.surface.batches.BatchParameters.InvalidRows;
import io.evenkeel.surface.batches.BatchParameters.OnFrozen;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.MessageDigest;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Counts batches without answering their rows: any number of rows, or the moments of rows that
/// another job has seen.
@RestController
@RequestMapping("/api/v1/normalizers")
@Tag(name = "Batches")
class ObserveController {
  private static final int MOST_ATTEMPTS = 100;

  private final Normalizers normalizers;
  private final NormalizationService service;
  private final BatchIntake intake;
  private final BatchAdmission admission;
  private final KeysInFlight keysInFlight;
  private final RefusedBatches refused;

  ObserveController(
      Normalizers normalizers,
      NormalizationService service,
      BatchIntake intake,
      BatchAdmission admission,
      KeysInFlight keysInFlight,
      RefusedBatches refused) {
    this.normalizers = normalizers;
    this.service = service;
    this.intake = intake;
    this.admission = admission;
    this.keysInFlight = keysInFlight;
    this.refused = refused;
  }

  @Operation(
      summary = "Count a batch of any length, or its moments, without answering its rows",
      description =
          "The rows of a long body become moments as they arrive. If the definition is changed"
              + " meanwhile and admits other rows, nothing is counted: 409 definition-conflict.")
  @RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = "application/json",
            schema = @Schema(type = "object"),
            examples = {
              @ExampleObject(name = "rows", value = "{\"rows\": [[1, 2], [3, 4]]}"),
              @ExampleObject(
                  name = "moments",
                  value =
                      "{\"moments\": {\"count\": [2, 1], \"mean\": [2, 2], \"m2\": [2, 0],"
                          + " \"min\": [1, 2], \"max\": [3, 2]}}")
            }),
        @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
        @Content(mediaType = "text/tab-separated-values", schema = @Schema(type = "string")),
        @Content(
            mediaType = "application/x-ndjson",
            schema = @Schema(type = "string"),
            examples = @ExampleObject("[1, 2]\n[3, 4]\n")),
        @Content(
            mediaType = "application/octet-stream",
            schema = @Schema(type = "string", format = "binary")),
        @Content(
            mediaType = "application/x-npy",
            schema = @Schema(type = "string", format = "binary")),
        @Content(
            mediaType = "application/vnd.apache.arrow.stream",
            schema = @Schema(type = "string", format = "binary")),
        @Content(
            mediaType = "application/vnd.apache.arrow.file",
            schema = @Schema(type = "string", format = "binary"))
      })
  @ApiResponse(
      responseCode = "200",
      description = "Durable, folded, and visible to every later request",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(type = "object"),
              examples =
                  @ExampleObject(
                      "{\"normalizer\": \"payments\", \"outcome\": \"applied\", \"version\": 8}")))
  @Needs(Role.TRAINER)
  @PostMapping("/{name}:observe")
  Mono<Void> observe(
      @PathVariable NormalizerName name,
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
      ServerWebExchange exchange) {
    ReadOptions reading = BatchParameters.reading(weightColumn, dtype, rows, BodyMembers.OBSERVED);
    BatchParameters parameters =
        BatchParameters.of(reading, invalidRows, maxSkipped, onFrozen, windowId, guard, weightKind);
    Optional<Digest> key = Conditions.keyHash(exchange.getRequest());
    return keysInFlight
        .holding(name, key, Mono.defer(() -> observe(name, extra, parameters, key, exchange)))
        .doOnError(refused.of(name, Mode.TRAINING))
        .flatMap(done ->
            Answers.write(exchange.getResponse(), name, done.observation(), done.skipped()));
  }

  /// A body that was counted.
  private record Counted(Observation observation, SkippedRows skipped) {}

  private Mono<Counted> observe(
      NormalizerName name,
      Optional<Extra> extra,
      BatchParameters asked,
      Optional<Digest> key,
      ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    Normalizer normalizer = normalizers.get(name);
    BatchParameters parameters = asked.withExtra(extra, normalizer.definition());
    Negotiation.requireJson(request.getHeaders());
    BatchFormat received = Negotiation.received(request.getHeaders());
    parameters.requireFits(received, normalizer.definition(), Mode.TRAINING);
    BatchParameters.requireTyped(parameters.reading(), received, received);
    Optional<MessageDigest> fingerprint = key.map(_ -> Conditions.fingerprint(request));
    MemoryShare memory = RequestMemory.of(request);
    ObservedBody observed = new ObservedBody(normalizer, admission, parameters, memory);
    return intake
        .readInBlocks(
            request, received, normalizer.definition(), parameters.reading(), observed, fingerprint)
        .flatMap(decoded -> {
          Envelope envelope =
              Conditions.envelope(request, name, key, fingerprint, Optional.empty());
          return observed.hasBegun()
              ? count(normalizer, observed.end(decoded.batch()), envelope, parameters)
                  .map(done -> new Counted(done, observed.skipped()))
              : count(normalizer, decoded, envelope, parameters, memory, 1);
        });
  }

  private Mono<Observation> count(
      Normalizer normalizer, BatchMoments moments, Envelope envelope, BatchParameters parameters) {
    return service.observe(normalizer, moments, envelope, parameters.terms());
  }

  /// Counts a body that is still there as it was received. It is validated by the definition in
  /// force, and validated again if that changes before the body is counted. (A body whose first
  /// rows have already become moments is counted only if the definition still admits the same
  /// rows.)
  private Mono<Counted> count(
      Normalizer earlier,
      DecodedBatch decoded,
      Envelope envelope,
      BatchParameters parameters,
      MemoryShare memory,
      int attempt) {
    return Mono.defer(
            () -> {
              Normalizer normalizer = normalizers.now(earlier);
              Optional<ReceivedStatistics> given = decoded.moments();
              if (given.isPresent()) {
                BatchMoments moments = moments(given.get(), normalizer);
                return count(normalizer, moments, envelope, parameters)
                    .map(done -> new Counted(done, new SkippedRows()))
                    .onErrorMap(InvalidInput.class, ObserveController::inMoments);
              }
              ObservedBody observed = new ObservedBody(normalizer, admission, parameters, memory);
              ReceivedBatch rows = decoded.batch().heldAgainst(normalizer.definition());
              return count(normalizer, observed.end(rows), envelope, parameters)
                  .map(done -> new Counted(done, observed.skipped()));
            })
        .onErrorResume(
            error -> error instanceof DefinitionChanged && attempt < MOST_ATTEMPTS,
            _ -> count(earlier, decoded, envelope, parameters, memory, attempt + 1));
  }

  /// Moves the pointers of faults that the fold has found below the member `moments`.
  private static InvalidInput inMoments(InvalidInput found) {
    return new InvalidInput(found.subject(), found.faults().below("#/moments"));
  }

  private BatchMoments moments(ReceivedStatistics given, Normalizer normalizer) {
    return admission.require(given.heldAgainst(normalizer.definition()), Subject.BATCH).toBatch();
  }
}
