package io.evenkeel.surface.batches;

import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.admission.GradientAdmission;
import io.evenkeel.batchnorm.gradients.Gradients;
import io.evenkeel.batchnorm.moments.WeightKind;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.json.GradientAnswer;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.body.Answers;
import io.evenkeel.http.body.BatchIntake;
import io.evenkeel.http.body.Negotiation;
import io.evenkeel.normalization.BackwardService;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Extra;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import reactor.core.publisher.Mono;

/// The backward pass: the gradients of a loss with respect to rows, gamma and beta.
@RestController
@RequestMapping("/api/v1/normalizers")
@Tag(name = "Batches")
class GradientController {
  private final Normalizers normalizers;
  private final BackwardService backward;
  private final BatchIntake intake;
  private final GradientAdmission admission;

  GradientController(
      Normalizers normalizers,
      BackwardService backward,
      BatchIntake intake,
      GradientAdmission admission) {
    this.normalizers = normalizers;
    this.backward = backward;
    this.intake = intake;
    this.admission = admission;
  }

  @Operation(
      summary =
          "Compute the gradients of a loss with respect to rows, gamma and beta; changes nothing")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(type = "object"),
              examples =
                  @ExampleObject(
                      "{\"rows\": [[1, 2], [3, 4]], \"outputGradients\": [[1, 0], [0, 1]]}")))
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(type = "object"),
              examples =
                  @ExampleObject(
                      "{\"inputGradients\": [[0, 0], [0, 0]], \"gammaGradient\": [-1, 1],"
                          + " \"betaGradient\": [1, 1], \"version\": 8}")))
  @Needs(Role.READER)
  @PostMapping("/{name}:backward")
  Mono<Void> backward(
      @PathVariable NormalizerName name,
      @RequestParam(defaultValue = "inference") Mode mode,
      @RequestParam Optional<Extra> extra,
      @RequestParam Optional<Long> version,
      @RequestParam Optional<String> windowId,
      @RequestParam(defaultValue = "reliability") WeightKind weightKind,
      @RequestParam Optional<String> snapshot,
      ServerWebExchange exchange) {
    return Mono.defer(() -> {
      BatchParameters.requireWindowId(windowId);
      Normalizer normalizer = normalizers.get(name);
      Conditions.require(exchange.getRequest(), normalizer);
      if (mode == Mode.TRAINING) {
        BatchParameters.requireNoSnapshot(snapshot);
      }
      Model model = mode == Mode.TRAINING ? normalizer.live() : normalizer.model(snapshot);
      BatchParameters.requireWindow(windowId, model.definition(), mode);
      OptionalLong wanted = version.map(OptionalLong::of).orElseGet(OptionalLong::empty);
      requireVersion(name, wanted, model);
      ReadOptions reading =
          new ReadOptions(
              extra.orElse(model.definition().reception().extra()),
              Optional.empty(),
              NumberType.FLOAT64,
              BodyMembers.GRADIENTS);
      return backward(normalizer, model, mode, windowId, weightKind, reading, exchange);
    });
  }

  private Mono<Void> backward(
      Normalizer normalizer,
      Model model,
      Mode mode,
      Optional<String> windowId,
      WeightKind weightKind,
      ReadOptions reading,
      ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    Negotiation.requireJson(request.getHeaders());
    if (Negotiation.received(request.getHeaders()) != BatchFormat.JSON) {
      throw new UnsupportedMediaTypeStatusException(
          request.getHeaders().getContentType(), List.of(MediaType.APPLICATION_JSON));
    }
    return intake
        .read(request, BatchFormat.JSON, model.definition(), reading, Optional.empty())
        .flatMap(decoded -> {
          Purpose purpose = mode == Mode.TRAINING ? Purpose.TRAINING : Purpose.INFERENCE;
          GradientAdmission.Admitted admitted =
              admission.admit(
                  decoded.batch().weighedBy(weightKind), decoded.outputGradients(), purpose);
          if (mode == Mode.INFERENCE || normalizer.isFrozen()) {
            model.requireTrained(normalizer.name());
          }
          Mono<Gradients> gradients =
              mode == Mode.TRAINING
                  ? backward.trainingGradients(
                      normalizer,
                      admitted.batch(),
                      admitted.outputGradients(),
                      admitted.moved(),
                      windowId)
                  : backward.inferenceGradients(
                      model, admitted.batch(), admitted.outputGradients(), admitted.moved());
          return gradients.flatMap(done ->
              Answers.write(
                  exchange.getResponse(),
                  new GradientAnswer(
                      done, model.definition().features(), model.version(), decoded.shape())));
        });
  }

  private static void requireVersion(NormalizerName name, OptionalLong wanted, Model model) {
    if (wanted.isPresent() && wanted.getAsLong() != model.version()) {
      throw new VersionMismatch(
          name.quoted() + " is at version " + model.version() + ", not " + wanted.getAsLong() + ".",
          false);
    }
  }
}
