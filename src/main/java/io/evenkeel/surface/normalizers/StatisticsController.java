package io.evenkeel.surface.normalizers;

import io.evenkeel.http.Conditions;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.command.NormalizerView;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalization.SaturationMonitor;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.SnapshotLabel;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// Shows the running statistics, which inference uses, of the present state or of a snapshot.
@RestController
@RequestMapping(path = "/api/v1/normalizers/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Statistics and affine")
class StatisticsController {
  private final Normalizers normalizers;
  private final SaturationMonitor saturation;

  StatisticsController(Normalizers normalizers, SaturationMonitor saturation) {
    this.normalizers = normalizers;
    this.saturation = saturation;
  }

  @Operation(summary = "Show the running statistics of the present state or of a snapshot")
  @Needs(Role.READER)
  @GetMapping("/statistics")
  ResponseEntity<Mono<StatisticsView>> statistics(
      @PathVariable NormalizerName name,
      @RequestParam Optional<String> snapshot,
      ServerHttpRequest request) {
    Normalizer normalizer = normalizers.get(name);
    Optional<Snapshot> kept = normalizer.chosen(Optional.of(snapshot.orElse(SnapshotLabel.LIVE)));
    if (kept.isEmpty()) {
      if (Conditions.isKnown(request, normalizer)) {
        return NormalizerView.unchanged(normalizer);
      }
      return NormalizerView.tagged(ResponseEntity.ok(), normalizer)
          .body(Mono.fromSupplier(() -> StatisticsView.of(normalizer, saturation.of(normalizer))));
    }
    return ResponseEntity.ok()
        .header(Conditions.VERSION, Long.toString(kept.get().model().version()))
        .body(Mono.fromSupplier(() -> StatisticsView.of(normalizer, kept.get())));
  }
}
