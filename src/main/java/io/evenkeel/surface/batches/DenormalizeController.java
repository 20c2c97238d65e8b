package io.evenkeel.surface.batches;

import io.evenkeel.admission.AdmittedBatch;
import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.codec.AnswerShape;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.PresentFeatures;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.body.Answers;
import io.evenkeel.http.body.BatchIntake;
import io.evenkeel.http.body.Negotiation;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.normalization.BackwardService;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.surface.batches.BatchParameters.Dtype;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// The inverse: normalised rows in, original values out.
@RestController
@RequestMapping("/api/v1/normalizers")
@Tag(name = "Batches")
class DenormalizeController {
  private final Normalizers normalizers;
  private final BackwardService backward;
  private final BatchIntake intake;
  private final BatchAdmission admission;

  DenormalizeController(
      Normalizers normalizers,
      BackwardService backward,
      BatchIntake intake,
      BatchAdmission admission) {
    this.normalizers = normalizers;
    this.backward = backward;
    this.intake = intake;
    this.admission = admission;
  }

  @Operation(summary = "Invert: normalised rows in, original values out")
  @BatchBody
  @Needs(Role.READER)
  @PostMapping("/{name}:denormalize")
  Mono<Void> denormalize(
      @PathVariable NormalizerName name,
      @RequestParam Optional<Extra> extra,
      @RequestParam(defaultValue = "float64") Dtype dtype,
      @RequestParam Optional<Long> rows,
      @RequestParam Optional<String> snapshot,
      ServerWebExchange exchange) {
    return Mono.defer(() -> {
      Normalizer normalizer = normalizers.get(name);
      Conditions.require(exchange.getRequest(), normalizer);
      Model model = normalizer.model(snapshot);
      BackwardService.requireInverse(model);
      NormalizerDefinition definition = model.definition().ofAnswers();
      ServerHttpRequest request = exchange.getRequest();
      BatchFormat received = Negotiation.received(request.getHeaders());
      BatchFormat answered = Negotiation.answered(request.getHeaders(), received);
      ReadOptions reading =
          BatchParameters.reading(Optional.empty(), dtype, rows, BodyMembers.ANSWERS)
              .withExtra(extra.orElse(definition.reception().extra()));
      BatchParameters.requireTyped(reading, received, answered);
      return intake
          .read(request, received, definition, reading, Optional.empty())
          .flatMap(decoded -> {
            PresentFeatures present =
                PresentFeatures.of(definition.features(), decoded.rows(), decoded.shape());
            RowShape shape =
                new AnswerShape(
                        answered,
                        present.features(),
                        false,
                        intake.mostNumbers(),
                        RequestMemory.of(request))
                    .fit(present.of(decoded.shape()), decoded.firstRow(), decoded.rows())
                    .shape();
            AdmittedBatch batch = admission.admit(decoded.batch(), Purpose.INFERENCE);
            model.requireTrained(name, present::has);
            return backward
                .denormalize(model, batch.asked(answered.floatType(shape)))
                .flatMap(done -> {
                  BatchAnswer answer =
                      BatchController.answer(name, definition, Mode.INFERENCE, batch, done);
                  return Answers.write(exchange.getResponse(), answered, present.of(answer), shape);
                });
          });
    });
  }
}
