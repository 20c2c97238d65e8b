package io.evenkeel.surface.admin;

import io.evenkeel.http.Callers;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Page;
import io.evenkeel.http.Role;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizerName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// The audit trail: all commands, the latest first.
@RestController
@RequestMapping(path = "/api/v1/admin/audit", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Administration")
class AuditController {
  private final NormalizerLog log;

  AuditController(NormalizerLog log) {
    this.log = log;
  }

  /// A page of the trail.
  record AuditPage(List<Entry> entries, @Nullable String nextPageToken) {}

  /// One command.
  record Entry(
      Instant at,
      @Nullable String actor,
      String command,
      String normalizer,
      long version,
      @Nullable String reason) {
    static Entry of(AuditEntry entry) {
      return new Entry(
          entry.at(),
          entry.actor().orElse(null),
          entry.command(),
          entry.normalizer().value(),
          entry.version(),
          entry.reason().orElse(null));
    }
  }

  @Operation(summary = "List the commands that were carried out, the latest first")
  @Needs(Role.ADMIN)
  @GetMapping
  Mono<AuditPage> list(
      @RequestParam Optional<NormalizerName> name,
      @RequestParam(defaultValue = "100") int pageSize,
      @RequestParam Optional<String> pageToken,
      ServerWebExchange exchange) {
    // the trail is ordered by time and not by name, so that nothing finds the entries of a prefix
    // quickly
    Callers.of(exchange).requireReach(name.map(NormalizerName::value).orElse(""));
    int size = Page.requireSize(pageSize);
    Optional<Long> before =
        pageToken.filter(token -> !token.isEmpty()).map(AuditController::position);
    return log.audit(name, before, size + 1)
        .map(found -> Page.of(found, size))
        .map(page ->
            new AuditPage(
                page.entries().stream().map(Entry::of).toList(),
                page.next(last -> Long.toString(last.position())).orElse(null)));
  }

  private static long position(String token) {
    try {
      return Long.parseLong(token);
    } catch (NumberFormatException e) {
      throw Page.unknownToken();
    }
  }
}
