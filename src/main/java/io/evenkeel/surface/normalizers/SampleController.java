package io.evenkeel.surface.normalizers;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.evenkeel.document.DefinitionDocument;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.body.BatchIntake;
import io.evenkeel.http.command.NormalizerView;
import io.evenkeel.http.command.Validity;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.Preset;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// Creates a normalizer from the first rows of a table: its columns of numbers become the features.
/// No row is counted.
@RestController
@RequestMapping(path = "/api/v1/normalizers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Normalizers")
class SampleController {
  private final BatchIntake intake;
  private final NormalizerLog log;
  private final Validity validity;

  SampleController(BatchIntake intake, NormalizerLog log, Validity validity) {
    this.intake = intake;
    this.log = log;
    this.validity = validity;
  }

  /// A normalizer, and what became of each column of the sample.
  record SampledView(@JsonUnwrapped NormalizerView normalizer, List<ColumnView> columns) {}

  @Operation(summary = "Create a normalizer from a sample; the same sample again changes nothing")
  @SampleBody
  @Needs(Role.ADMIN)
  @PutMapping(
      path = "/{name}",
      consumes = {
        "text/csv",
        "text/tab-separated-values",
        "application/x-ndjson",
        "application/jsonl",
        "application/ndjson",
        "application/json-lines",
        "application/x-jsonlines",
        "application/vnd.apache.arrow.stream",
        "application/vnd.apache.arrow.file",
        "application/x-npy"
      })
  Mono<ResponseEntity<Mono<SampledView>>> create(
      @PathVariable NormalizerName name,
      @RequestParam Optional<Preset> preset,
      @RequestParam Optional<String> features,
      @RequestParam Optional<String> except,
      ServerHttpRequest request) {
    ColumnChoice choice = ColumnChoice.of(features, except);
    return intake
        .sample(request)
        .flatMap(sample -> {
          List<ColumnView> columns = choice.of(sample);
          DefinitionDocument document =
              valid(ColumnChoice.definition(sample, columns, preset.orElse(null)));
          Envelope envelope =
              Conditions.envelope(request, name, Optional.empty(), Optional.empty());
          return log.append(new NormalizerEvent.Created(envelope, document.toDefinition()))
              .map(outcome -> answer(name, outcome, columns));
        });
  }

  private DefinitionDocument valid(DefinitionDocument document) {
    if (document.size() > Features.MOST) {
      throw new InvalidInput(Subject.DEFINITION, document.tooManyFeatures());
    }
    return validity.require(document, Subject.DEFINITION);
  }

  private static ResponseEntity<Mono<SampledView>> answer(
      NormalizerName name, Outcome outcome, List<ColumnView> columns) {
    return switch (outcome) {
      case Outcome.Created(var made) ->
          answer(ResponseEntity.created(URI.create("/api/v1/normalizers/" + name)), made, columns);
      case Outcome.Exists(var there) -> answer(ResponseEntity.ok(), there, columns);
      default -> throw outcome.problem();
    };
  }

  private static ResponseEntity<Mono<SampledView>> answer(
      ResponseEntity.BodyBuilder response, Normalizer normalizer, List<ColumnView> columns) {
    return NormalizerView.tagged(response, normalizer)
        .body(Mono.fromSupplier(() -> new SampledView(NormalizerView.of(normalizer), columns)));
  }
}
