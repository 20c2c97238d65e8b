package io.evenkeel.surface.drift;

import io.evenkeel.drift.DriftMonitor;
import io.evenkeel.drift.DriftState;
import io.evenkeel.http.Callers;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Page;
import io.evenkeel.http.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Lists which normalizers have drifted.
@RestController
@Tag(name = "Drift")
class DriftListController {
  private final DriftMonitor monitor;

  DriftListController(DriftMonitor monitor) {
    this.monitor = monitor;
  }

  /// A normalizer that is compared.
  ///
  /// @param features the names of the first features that have drifted
  record Entry(String name, boolean drifted, int driftedFeatures, List<String> features) {
    private static Entry of(DriftState.Named found) {
      return new Entry(
          found.name().value(),
          found.state().hasDrifted(),
          found.state().drifted(),
          found.state().features());
    }
  }

  /// @param scope `all` if what other replicas show is added, else `replica`
  record DriftPage(String scope, List<Entry> normalizers, @Nullable String nextPageToken) {}

  @Operation(summary = "List the normalizers that are compared, and which of them have drifted")
  @Needs(Role.READER)
  @GetMapping(path = "/api/v1/drift", produces = MediaType.APPLICATION_JSON_VALUE)
  Mono<DriftPage> list(
      @RequestParam(defaultValue = "") String prefix,
      @RequestParam Optional<Boolean> drifted,
      @RequestParam(defaultValue = "100") int pageSize,
      @RequestParam Optional<String> pageToken,
      ServerWebExchange exchange) {
    int size = Page.requireSize(pageSize);
    Optional<String> after = pageToken.map(Page::nameOf);
    Optional<String> reached = Callers.of(exchange).narrowed(prefix);
    return Mono.fromSupplier(() -> page(reached, after, drifted, size))
        .subscribeOn(Schedulers.parallel());
  }

  private DriftPage page(
      Optional<String> reached, Optional<String> after, Optional<Boolean> drifted, int size) {
    List<DriftState.Named> found =
        reached
            .map(prefix ->
                monitor.list(
                    prefix,
                    after,
                    size + 1,
                    has -> drifted.map(wanted -> wanted.equals(has)).orElse(true)))
            .orElse(List.of());
    Page<DriftState.Named> page = Page.of(found, size);
    return new DriftPage(
        DriftView.scope(monitor.isOfAll()),
        page.entries().stream().map(Entry::of).toList(),
        page.next(last -> Page.tokenOf(last.name())).orElse(null));
  }
}
