package io.evenkeel.http;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.document.AffineDocument;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Faults;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.NormalizationService;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerLog;
import io.evenkeel.normalizer.NormalizerName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// What inference uses: the running statistics, gamma and beta.
@RestController
@RequestMapping(path = "/api/v1/normalizers/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Statistics and affine")
class StatisticsController {
  private final NormalizationService service;
  private final NormalizerLog log;
  private final Validity validity;

  StatisticsController(NormalizationService service, NormalizerLog log, Validity validity) {
    this.service = service;
    this.log = log;
    this.validity = validity;
  }

  @Operation(summary = "Show the running statistics")
  @GetMapping("/statistics")
  ResponseEntity<StatisticsView> statistics(@PathVariable NormalizerName name) {
    Normalizer normalizer = service.get(name);
    return NormalizerView.tagged(ResponseEntity.ok(), normalizer)
        .body(StatisticsView.of(normalizer));
  }

  @Operation(summary = "Show gamma and beta")
  @GetMapping("/affine")
  ResponseEntity<AffineDocument> affine(@PathVariable NormalizerName name) {
    Normalizer normalizer = service.get(name);
    return NormalizerView.tagged(ResponseEntity.ok(), normalizer)
        .body(AffineDocument.of(normalizer.affine()));
  }

  @Operation(summary = "Replace gamma and beta; equal values change nothing")
  @PutMapping(path = "/affine", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<AffineDocument>> replaceAffine(
      @PathVariable NormalizerName name,
      @RequestBody Mono<AffineDocument> body,
      ServerHttpRequest request) {
    return body.flatMap(
            document -> {
              Normalizer normalizer = service.get(name);
              Envelope envelope =
                  Conditions.envelope(request, name, Optional.empty(), Optional.empty())
                      .forIncarnation(normalizer.revision().incarnation());
              Affine affine = valid(document, normalizer).toAffine();
              return log.append(new NormalizerEvent.AffineReplaced(envelope, affine));
            })
        .map(Outcomes::state)
        .map(normalizer ->
            NormalizerView.tagged(ResponseEntity.ok(), normalizer)
                .body(AffineDocument.of(normalizer.affine())));
  }

  private AffineDocument valid(AffineDocument document, Normalizer normalizer) {
    validity.require(document, Subject.AFFINE);
    Faults sizes = document.sizeFaults(normalizer.definition().features().size());
    if (!sizes.isEmpty()) {
      throw new InvalidInput(Subject.AFFINE, sizes);
    }
    return document;
  }
}
