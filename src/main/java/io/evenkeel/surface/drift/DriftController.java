package io.evenkeel.surface.drift;

import io.evenkeel.drift.DriftMonitor;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Page;
import io.evenkeel.http.Role;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// Shows how the inference batches of a normalizer differ from its reference.
@RestController
@RequestMapping(path = "/api/v1/normalizers/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Drift")
class DriftController {
  private final Normalizers normalizers;
  private final DriftMonitor monitor;

  DriftController(Normalizers normalizers, DriftMonitor monitor) {
    this.normalizers = normalizers;
    this.monitor = monitor;
  }

  @Operation(summary = "Compare inference batches with the statistics that serve")
  @Needs(Role.READER)
  @GetMapping("/drift")
  Mono<DriftView> drift(
      @PathVariable NormalizerName name,
      @RequestParam Optional<Boolean> drifted,
      @RequestParam(defaultValue = "1000") int pageSize,
      @RequestParam Optional<String> pageToken) {
    int size = Page.requireSize(pageSize);
    int from = pageToken.filter(token -> !token.isEmpty()).map(DriftController::index).orElse(0);
    Normalizer normalizer = normalizers.get(name);
    return Mono.fromSupplier(() ->
        DriftView.of(
            name,
            monitor.report(
                normalizer,
                from,
                size + 1,
                has -> drifted.map(wanted -> wanted.equals(has)).orElse(true)),
            size));
  }

  /// The index of a page's first feature.
  private static int index(String token) {
    try {
      return Objects.checkIndex(Integer.parseInt(token), Integer.MAX_VALUE);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw Page.unknownToken();
    }
  }
}
