package io.evenkeel.surface.normalizers;

import io.evenkeel.document.DefinitionDocument;
import io.evenkeel.fault.Faults;
import io.evenkeel.http.Callers;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Page;
import io.evenkeel.http.Role;
import io.evenkeel.http.command.NormalizerView;
import io.evenkeel.http.command.Validity;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.NormalizationException.UnknownNormalizer;
import io.evenkeel.normalizer.NormalizationException.UnknownSnapshot;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.SnapshotLabel;
import io.evenkeel.normalizer.definition.Features;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;

/// Creates, shows, lists, redefines and deletes normalizers.
@RestController
@RequestMapping(path = "/api/v1/normalizers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Normalizers")
class NormalizerController {
  private final NormalizerLog log;
  private final Validity validity;

  NormalizerController(NormalizerLog log, Validity validity) {
    this.log = log;
    this.validity = validity;
  }

  /// A page of normalizers.
  record NormalizerPage(List<NormalizerView> normalizers, @Nullable String nextPageToken) {}

  @Operation(summary = "Create a normalizer; the same definition again changes nothing")
  @Needs(Role.ADMIN)
  @PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> create(
      @PathVariable NormalizerName name,
      @RequestBody Mono<DefinitionDocument> body,
      ServerHttpRequest request) {
    return body.onErrorMap(ServerWebInputException.class, SampleAsJson::told)
        .doOnNext(document -> require(document.renamingFaults()))
        .map(this::valid)
        .flatMap(document ->
            log.append(
                new NormalizerEvent.Created(envelope(request, name), document.toDefinition())))
        .map(outcome ->
            switch (outcome) {
              case Outcome.Created(var made) ->
                  NormalizerView.answer(
                      ResponseEntity.created(URI.create("/api/v1/normalizers/" + name)), made);
              case Outcome.Exists(var there) -> NormalizerView.answer(ResponseEntity.ok(), there);
              default -> throw outcome.problem();
            });
  }

  /// Refuses too many features by their number, before each of them is validated.
  private DefinitionDocument valid(DefinitionDocument document) {
    if (document.size() > Features.MOST) {
      require(document.tooManyFeatures());
    }
    return validity.require(document, Subject.DEFINITION);
  }

  private static void require(Faults faults) {
    if (!faults.isEmpty()) {
      throw new InvalidInput(Subject.DEFINITION, faults);
    }
  }

  private static Envelope envelope(ServerHttpRequest request, NormalizerName name) {
    return Conditions.envelope(request, name, Optional.empty(), Optional.empty());
  }

  @Operation(summary = "Show a normalizer")
  @Needs(Role.READER)
  @GetMapping("/{name}")
  ResponseEntity<Mono<NormalizerView>> show(
      @PathVariable NormalizerName name, ServerHttpRequest request) {
    Normalizer normalizer = find(name);
    return Conditions.isKnown(request, normalizer)
        ? NormalizerView.unchanged(normalizer)
        : NormalizerView.answer(ResponseEntity.ok(), normalizer);
  }

  private Normalizer find(NormalizerName name) {
    return log.find(name).orElseThrow(() -> new UnknownNormalizer(name));
  }

  @Operation(summary = "List normalizers by name")
  @Needs(Role.READER)
  @GetMapping
  NormalizerPage list(
      @RequestParam(defaultValue = "") String prefix,
      @RequestParam(defaultValue = "100") int pageSize,
      @RequestParam Optional<String> pageToken,
      ServerWebExchange exchange) {
    int size = Page.requireSize(pageSize);
    List<Normalizer> found =
        Callers.of(exchange)
            .narrowed(prefix)
            .map(reached -> log.list(reached, pageToken.map(Page::nameOf), size + 1))
            .orElse(List.of());
    Page<Normalizer> page = Page.of(found, size);
    return new NormalizerPage(
        page.entries().stream().map(NormalizerView::brief).toList(),
        page.next(last -> Page.tokenOf(last.name())).orElse(null));
  }

  @Operation(
      summary =
          "Change the definition, except the parts that the stored moments depend on; rename"
              + " features, and add some at the end; needs If-Match")
  @Needs(Role.ADMIN)
  @PutMapping(path = "/{name}/definition", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> redefine(
      @PathVariable NormalizerName name,
      @RequestBody Mono<DefinitionDocument> body,
      ServerHttpRequest request) {
    if (!Conditions.hasExpected(request)) {
      throw new BadParameter(
          "Changing a definition needs the header If-Match, with the ETag of the present one.");
    }
    return body.map(this::valid)
        .flatMap(document ->
            log.append(
                new NormalizerEvent.DefinitionReplaced(
                    envelope(request, name), document.toRedefinition())))
        .map(outcome -> NormalizerView.answer(ResponseEntity.ok(), outcome.state()));
  }

  @Operation(summary = "Choose what serves inference: a snapshot, or with null the present state")
  @Needs(Role.ADMIN)
  @PutMapping(path = "/{name}/serving", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> serve(
      @PathVariable NormalizerName name,
      @RequestBody Mono<ServingDocument> body,
      ServerHttpRequest request) {
    return body.flatMap(document ->
            log.append(
                new NormalizerEvent.ServingReplaced(
                    envelope(request, name),
                    Optional.ofNullable(document.snapshot()).map(label -> label(name, label)))))
        .map(outcome -> NormalizerView.answer(ResponseEntity.ok(), outcome.state()));
  }

  private static SnapshotLabel label(NormalizerName name, String text) {
    return SnapshotLabel.parse(text).orElseThrow(() -> new UnknownSnapshot(name, text));
  }

  @Operation(summary = "Delete a normalizer, its keys and its snapshots")
  @Needs(Role.ADMIN)
  @DeleteMapping(path = "/{name}", produces = MediaType.ALL_VALUE)
  Mono<ResponseEntity<Void>> delete(@PathVariable NormalizerName name, ServerHttpRequest request) {
    return log.append(new NormalizerEvent.Deleted(envelope(request, name)))
        .map(outcome -> {
          if (outcome instanceof Outcome.Deleted) {
            return ResponseEntity.noContent().<Void>build();
          }
          throw outcome.problem();
        });
  }
}
