package io.evenkeel.surface.admin;

import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.ReceivedStatistics;
import io.evenkeel.fault.Faults;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.command.Commands;
import io.evenkeel.http.command.NormalizerView;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// Commands of operators. Each obeys `If-Match`, and each POST obeys `Idempotency-Key`. To freeze
/// or unfreeze a second time changes nothing.
@RestController
@RequestMapping(path = "/api/v1/admin/normalizers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Administration")
class AdminController {
  private final Normalizers normalizers;
  private final BatchAdmission admission;
  private final Commands commands;

  AdminController(Normalizers normalizers, BatchAdmission admission, Commands commands) {
    this.normalizers = normalizers;
    this.admission = admission;
    this.commands = commands;
  }

  @Operation(summary = "Freeze the running statistics, or with scope all also gamma and beta")
  @Needs(Role.ADMIN)
  @PostMapping(path = "/{name}:freeze", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> freeze(
      @PathVariable NormalizerName name,
      @RequestBody(required = false) Mono<FreezeDocument> body,
      ServerHttpRequest request) {
    return commands
        .carryOut(
            request,
            name,
            body.defaultIfEmpty(FreezeDocument.EMPTY),
            Subject.REQUEST,
            (document, envelope) -> new NormalizerEvent.Frozen(envelope, document.toScope()))
        .map(Commands.Done::view);
  }

  @Operation(summary = "Unfreeze")
  @Needs(Role.ADMIN)
  @PostMapping(path = "/{name}:unfreeze", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> unfreeze(
      @PathVariable NormalizerName name,
      @RequestBody(required = false) Mono<CommandDocument> body,
      ServerHttpRequest request) {
    return plain(body, request, name, NormalizerEvent.Unfrozen::new);
  }

  @Operation(summary = "Reset the statistics; gamma, beta, keys and snapshots stay")
  @Needs(Role.ADMIN)
  @PostMapping(path = "/{name}:reset", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> reset(
      @PathVariable NormalizerName name,
      @RequestBody(required = false) Mono<CommandDocument> body,
      ServerHttpRequest request) {
    return plain(body, request, name, NormalizerEvent.Reset::new);
  }

  private Mono<ResponseEntity<Mono<NormalizerView>>> plain(
      Mono<CommandDocument> body,
      ServerHttpRequest request,
      NormalizerName name,
      Function<Envelope, NormalizerEvent> event) {
    return commands
        .carryOut(
            request,
            name,
            body.defaultIfEmpty(CommandDocument.EMPTY),
            Subject.REQUEST,
            (_, envelope) -> event.apply(envelope))
        .map(Commands.Done::view);
  }

  @Operation(summary = "Merge the moments of a shard into cumulative statistics")
  @Needs(Role.ADMIN)
  @PostMapping(path = "/{name}:merge", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> merge(
      @PathVariable NormalizerName name,
      @RequestBody Mono<MomentsDocument> body,
      ServerHttpRequest request) {
    return commands
        .carryOut(
            request,
            name,
            body,
            Subject.STATISTICS,
            (document, envelope) -> {
              Normalizer normalizer = normalizers.get(name);
              return new NormalizerEvent.Merged(
                  envelope.forIncarnation(normalizer.revision().incarnation()),
                  valid(document.toReceived(normalizer.definition())).toBatch());
            })
        .map(Commands.Done::view);
  }

  @Operation(summary = "Replace the statistics")
  @Needs(Role.ADMIN)
  @PutMapping(path = "/{name}/statistics", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> replaceStatistics(
      @PathVariable NormalizerName name,
      @RequestBody Mono<StatisticsDocument> body,
      ServerHttpRequest request) {
    return commands
        .carryOut(
            request,
            name,
            body,
            Subject.STATISTICS,
            (document, envelope) -> {
              Normalizer normalizer = normalizers.get(name);
              Faults faults = document.featureFaults(normalizer.definition());
              if (!faults.isEmpty()) {
                throw new InvalidInput(Subject.STATISTICS, faults);
              }
              return new NormalizerEvent.StatisticsReplaced(
                  envelope.forIncarnation(normalizer.revision().incarnation()),
                  valid(document.toReceived(normalizer.definition())).toStatistics());
            })
        .map(Commands.Done::view);
  }

  private ReceivedStatistics valid(ReceivedStatistics received) {
    return admission.require(received, Subject.STATISTICS);
  }
}
