package io.evenkeel.surface.openinference;

import io.evenkeel.admission.AdmittedBatch;
import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.codec.json.InstancesReader;
import io.evenkeel.http.Callers;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.body.Answers;
import io.evenkeel.http.body.BatchIntake;
import io.evenkeel.http.body.RefusedBatches;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.http.problem.RequestException.NotAcceptable;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.NormalizationService;
import io.evenkeel.normalization.NormalizedRows;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.NormalizerName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// KServe's first protocol: rows in, normalised rows out, by the version that serves. It has
/// neither versions nor training.
@RestController
@RequestMapping("/v1/models")
@Tag(name = "KServe v1")
class PredictionController {
  private final Normalizers normalizers;
  private final NormalizerLog log;
  private final NormalizationService service;
  private final BatchIntake intake;
  private final BatchAdmission admission;
  private final RefusedBatches refused;
  private final InferenceCounts counts;

  PredictionController(
      NormalizerLog log,
      Normalizers normalizers,
      NormalizationService service,
      BatchIntake intake,
      BatchAdmission admission,
      RefusedBatches refused,
      InferenceCounts counts) {
    this.normalizers = normalizers;
    this.log = log;
    this.service = service;
    this.intake = intake;
    this.admission = admission;
    this.refused = refused;
    this.counts = counts;
  }

  /// Whether a model is ready.
  record ReadyView(String name, boolean ready) {}

  /// Rows that are normalised.
  private record Predicted(int rows, int features, NormalizedRows normalized)
      implements InferenceCounts.Answered {}

  @Operation(summary = "List the names of all models")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(type = "object"),
              examples = @ExampleObject("{\"models\": [\"payments\", \"visits\"]}")))
  @Needs(Role.READER)
  @GetMapping
  Mono<Void> list(ServerWebExchange exchange) {
    exchange.getResponse().getHeaders().setContentType(MediaType.APPLICATION_JSON);
    return Answers.write(
        exchange.getResponse(), new ModelNames(log, Callers.of(exchange).prefix()));
  }

  @Operation(summary = "Ask whether a model exists")
  @Needs(Role.READER)
  @GetMapping("/{name}")
  ResponseEntity<ReadyView> ready(@PathVariable NormalizerName name) {
    return ServerController.json(new ReadyView(normalizers.get(name).name().value(), true));
  }

  @Operation(summary = "Normalise rows by the serving model")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(type = "object"),
              examples = @ExampleObject("{\"instances\": [[1, 2], {\"amount\": 3, \"age\": 4}]}")))
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(type = "object"),
              examples = @ExampleObject("{\"predictions\": [[-1.0, -1.0], [1.0, 1.0]]}")))
  @Needs(Role.READER)
  @PostMapping("/{name}:predict")
  Mono<Void> predict(@PathVariable NormalizerName name, ServerWebExchange exchange) {
    return Mono.fromCallable(() -> ServedModel.serving(normalizers.get(name)))
        .flatMap(served -> counts.counted(served, predicted(served, exchange.getRequest())))
        .doOnError(refused.of(name, Mode.INFERENCE))
        .flatMap(predicted -> write(predicted, exchange.getResponse()));
  }

  private Mono<Predicted> predicted(ServedModel begun, ServerHttpRequest request) {
    InstancesReader reader =
        new InstancesReader(
            begun.model().definition(), intake.mostNumbers(), RequestMemory.of(request));
    return intake
        .read(request, reader, begun.features(), Optional.empty())
        .flatMap(decoded -> {
          if (reader.hasKept()) {
            throw new NotAcceptable(
                "A row has members that are no feature. The definition keeps them, but the answer"
                    + " of this protocol has no place for them: leave them out, or set the"
                    + " definition's 'extra' to 'ignore'.");
          }
          ServedModel served = ServedModel.serving(normalizers.now(begun.normalizer()));
          Conditions.require(request, served.normalizer());
          ReceivedBatch batch = decoded.batch().heldAgainst(served.model().definition());
          AdmittedBatch admitted = admission.admit(batch, Purpose.INFERENCE);
          return service
              .infer(served.normalizer().name(), served.model(), admitted.asked(FloatType.FLOAT64))
              .map(rows -> new Predicted(admitted.received(), batch.features(), rows));
        });
  }

  private static Mono<Void> write(Predicted predicted, ServerHttpResponse response) {
    NormalizedRows rows = predicted.normalized();
    Answers.head(response, rows.outcome(), rows.version());
    response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
    return Answers.write(
        response, new PredictionsWriter(predicted.rows(), predicted.features(), rows.values()));
  }
}
