package io.evenkeel.surface.admin;

import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.command.Commands;
import io.evenkeel.http.command.NormalizerView;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.NormalizationException.UnknownSnapshot;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.SnapshotLabel;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// Takes, lists, deletes and restores snapshots.
@RestController
@RequestMapping(path = "/api/v1/admin/normalizers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Administration")
class SnapshotController {
  private final Normalizers normalizers;
  private final Commands commands;

  SnapshotController(Normalizers normalizers, Commands commands) {
    this.normalizers = normalizers;
    this.commands = commands;
  }

  /// All snapshots by label.
  record SnapshotList(List<Entry> snapshots) {}

  /// One snapshot.
  ///
  /// @param version of the normalizer when the snapshot was taken
  record Entry(String label, long version, Instant createdAt) {
    static Entry of(Snapshot snapshot) {
      return new Entry(snapshot.label().value(), snapshot.model().version(), snapshot.createdAt());
    }
  }

  @Operation(summary = "Take a snapshot: keep definition, gamma, beta and statistics under a label")
  @Needs(Role.ADMIN)
  @PostMapping(path = "/{name}/snapshots", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> take(
      @PathVariable NormalizerName name,
      @RequestBody Mono<SnapshotDocument> body,
      ServerHttpRequest request) {
    return body.flatMap(document ->
        commands
            .carryOut(
                request,
                name,
                Mono.just(document),
                Subject.REQUEST,
                (taken, envelope) -> new NormalizerEvent.SnapshotTaken(envelope, taken.toLabel()))
            .map(done ->
                done.answer(HttpStatus.CREATED)
                    .header(
                        HttpHeaders.LOCATION,
                        "/api/v1/admin/normalizers/" + name + "/snapshots/" + document.label())
                    .body(Mono.fromSupplier(() -> NormalizerView.of(done.state())))));
  }

  @Operation(summary = "List the snapshots by label")
  @Needs(Role.ADMIN)
  @GetMapping("/{name}/snapshots")
  SnapshotList list(@PathVariable NormalizerName name) {
    return new SnapshotList(
        normalizers.get(name).snapshots().all().stream().map(Entry::of).toList());
  }

  @Operation(summary = "Show one snapshot")
  @Needs(Role.ADMIN)
  @GetMapping("/{name}/snapshots/{label}")
  Entry show(@PathVariable NormalizerName name, @PathVariable String label) {
    return Entry.of(normalizers.get(name).snapshot(label));
  }

  @Operation(summary = "Delete a snapshot that does not serve inference")
  @Needs(Role.ADMIN)
  @DeleteMapping(path = "/{name}/snapshots/{label}", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> delete(
      @PathVariable NormalizerName name,
      @PathVariable String label,
      @RequestBody(required = false) Mono<CommandDocument> body,
      ServerHttpRequest request) {
    return commands
        .carryOut(
            request,
            name,
            body.defaultIfEmpty(CommandDocument.EMPTY),
            Subject.REQUEST,
            (_, envelope) -> new NormalizerEvent.SnapshotDeleted(envelope, parsed(name, label)))
        .map(Commands.Done::view);
  }

  @Operation(summary = "Restore a snapshot as a new version")
  @Needs(Role.ADMIN)
  @PostMapping(path = "/{name}:restore", consumes = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> restore(
      @PathVariable NormalizerName name,
      @RequestBody Mono<RestoreDocument> body,
      ServerHttpRequest request) {
    return commands
        .carryOut(
            request,
            name,
            body,
            Subject.REQUEST,
            (document, envelope) ->
                new NormalizerEvent.Restored(
                    envelope, parsed(name, String.valueOf(document.snapshot()))))
        .map(Commands.Done::view);
  }

  /// No snapshot has a text that is not a label.
  private static SnapshotLabel parsed(NormalizerName name, String text) {
    return SnapshotLabel.parse(text).orElseThrow(() -> new UnknownSnapshot(name, text));
  }
}
