package io.evenkeel.surface.dashboard;

import io.evenkeel.fault.Wire;
import io.evenkeel.http.Caller;
import io.evenkeel.http.Callers;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/// Tells callers what they may do, so that a client offers nothing else.
@RestController
@Tag(name = "Normalizers")
class CallerController {

  /// A caller.
  ///
  /// @param actor the name in the audit trail; null where the service is open to everybody
  /// @param role `reader`, `trainer` or `admin`
  /// @param prefix of the names of the normalizers that the caller reaches; empty for all
  record CallerView(@Nullable String actor, String role, String prefix) {
    static CallerView of(Caller caller) {
      return new CallerView(caller.actor().orElse(null), Wire.word(caller.role()), caller.prefix());
    }
  }

  @Operation(summary = "Show who the caller is, and which role and prefix the credential has")
  @Needs(Role.READER)
  @GetMapping(path = "/api/v1/caller", produces = MediaType.APPLICATION_JSON_VALUE)
  CallerView show(ServerWebExchange exchange) {
    return CallerView.of(Callers.of(exchange));
  }
}
