package io.evenkeel.surface.normalizers;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.gradients.AffineStep;
import io.evenkeel.batchnorm.gradients.Sparsity;
import io.evenkeel.document.AffineDocument;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Numbers;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.command.Commands;
import io.evenkeel.http.command.NormalizerView;
import io.evenkeel.http.command.Validity;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// Gamma and beta: shows them, replaces them, moves them by a step of an optimizer, and shows which
/// features they make superfluous.
@RestController
@RequestMapping(path = "/api/v1/normalizers/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Statistics and affine")
class AffineController {
  private final Normalizers normalizers;
  private final NormalizerLog log;
  private final Validity validity;
  private final Commands commands;

  AffineController(
      Normalizers normalizers, NormalizerLog log, Validity validity, Commands commands) {
    this.normalizers = normalizers;
    this.log = log;
    this.validity = validity;
    this.commands = commands;
  }

  /// Gamma and beta after a step.
  ///
  /// @param penalty l1 Σ|γ|; null if that overflows
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  record StepView(double[] gamma, double[] beta, long version, @Nullable Double penalty) {}

  /// Which features gamma makes superfluous.
  ///
  /// @param prunedBeta the constant that replaces each pruned feature before the activation, in the
  ///   order of the features
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  record SparsityView(double threshold, boolean[] kept, int zeroGamma, double[] prunedBeta) {
    static SparsityView of(Sparsity sparsity) {
      return new SparsityView(
          sparsity.threshold(), sparsity.kept(), sparsity.zeroGamma(), sparsity.prunedBeta());
    }
  }

  @Operation(summary = "Show gamma and beta")
  @Needs(Role.READER)
  @GetMapping("/affine")
  ResponseEntity<Mono<AffineDocument>> show(
      @PathVariable NormalizerName name, ServerHttpRequest request) {
    Normalizer normalizer = normalizers.get(name);
    return Conditions.isKnown(request, normalizer)
        ? NormalizerView.unchanged(normalizer)
        : answer(normalizer);
  }

  private static ResponseEntity<Mono<AffineDocument>> answer(Normalizer normalizer) {
    return NormalizerView.tagged(ResponseEntity.ok(), normalizer)
        .body(Mono.fromSupplier(() -> AffineDocument.of(normalizer.affine())));
  }

  @Operation(summary = "Replace gamma and beta; equal values change nothing")
  @Needs(Role.TRAINER)
  @PutMapping(path = "/affine", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<AffineDocument>>> replace(
      @PathVariable NormalizerName name,
      @RequestBody Mono<AffineDocument> body,
      ServerHttpRequest request) {
    return body.flatMap(
            document -> {
              Normalizer normalizer = normalizers.get(name);
              Envelope envelope =
                  Conditions.envelope(request, name, Optional.empty(), Optional.empty())
                      .forIncarnation(normalizer.revision().incarnation());
              validity.require(document, Subject.AFFINE);
              require(document.sizeFaults(features(normalizer)), Subject.AFFINE);
              Affine affine = document.toAffine();
              return log.append(new NormalizerEvent.AffineReplaced(envelope, affine));
            })
        .map(outcome -> answer(outcome.state()));
  }

  @Operation(
      summary =
          "Move gamma and beta by one step against their gradients, with an L1 penalty on gamma")
  @Needs(Role.TRAINER)
  @PostMapping(path = "/affine:step", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<StepView>> step(
      @PathVariable NormalizerName name,
      @RequestBody Mono<StepDocument> body,
      ServerHttpRequest request) {
    return body.flatMap(document -> {
      Normalizer normalizer = normalizers.get(name);
      validity.require(document, Subject.REQUEST);
      require(document.sizeFaults(features(normalizer)), Subject.REQUEST);
      long incarnation = normalizer.revision().incarnation();
      return commands
          .carryOut(
              request,
              name,
              document,
              null,
              envelope ->
                  new NormalizerEvent.AffineStepped(
                      envelope.forIncarnation(incarnation), document.toStep()))
          .map(done -> stepped(done, document.penaltyWeight()));
    });
  }

  private static ResponseEntity<StepView> stepped(Commands.Done done, double l1) {
    Affine affine = done.state().affine();
    double penalty = AffineStep.penalty(affine, l1);
    return done.answer(HttpStatus.OK)
        .body(
            new StepView(
                affine.gamma(),
                affine.beta(),
                done.state().version(),
                Double.isFinite(penalty) ? (Double) penalty : null));
  }

  @Operation(summary = "Show which features are superfluous because their gamma is small")
  @Needs(Role.READER)
  @GetMapping("/sparsity")
  ResponseEntity<Mono<SparsityView>> sparsity(
      @PathVariable NormalizerName name,
      @RequestParam(defaultValue = "0") double ratio,
      @RequestParam(defaultValue = "0") int minimumKept,
      ServerHttpRequest request) {
    if (!(ratio >= 0 && ratio < 1)) {
      throw new BadParameter(
          "'ratio' is " + Numbers.plain(ratio) + "; it must be at least 0 and below 1.");
    }
    if (minimumKept < 0) {
      throw new BadParameter("'minimumKept' is " + minimumKept + "; it must not be negative.");
    }
    Normalizer normalizer = normalizers.get(name);
    if (Conditions.isKnown(request, normalizer)) {
      return NormalizerView.unchanged(normalizer);
    }
    return NormalizerView.tagged(ResponseEntity.ok(), normalizer)
        .body(
            Mono.fromSupplier(
                () -> SparsityView.of(Sparsity.of(normalizer.affine(), ratio, minimumKept))));
  }

  private static int features(Normalizer normalizer) {
    return normalizer.definition().features().size();
  }

  private static void require(Faults faults, Subject subject) {
    if (!faults.isEmpty()) {
      throw new InvalidInput(subject, faults);
    }
  }
}
