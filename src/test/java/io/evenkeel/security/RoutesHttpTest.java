package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.fault.Wire;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.Role;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import tools.jackson.databind.JsonNode;

/// Every route that is mapped, called by every role and by nobody.
@ClosedService
@AutoConfigureMetrics
class RoutesHttpTest {
  /// The role that the contract asks for at each route. The test fails until a new route is added
  /// here and one that is gone is removed.
  private static final Map<String, String> NEEDED =
      Map.ofEntries(
          Map.entry("GET /api/v1/normalizers", "reader"),
          Map.entry("GET /api/v1/normalizers/{name}", "reader"),
          Map.entry("PUT /api/v1/normalizers/{name}", "admin"),
          Map.entry("GET /api/v1/normalizers/{name}/events", "reader"),
          Map.entry("GET /api/v1/normalizers/{name}/drift", "reader"),
          Map.entry("GET /api/v1/normalizers/{name}/state", "reader"),
          Map.entry("GET /api/v1/events", "reader"),
          Map.entry("DELETE /api/v1/normalizers/{name}", "admin"),
          Map.entry("PUT /api/v1/normalizers/{name}/definition", "admin"),
          Map.entry("PUT /api/v1/normalizers/{name}/serving", "admin"),
          Map.entry("GET /api/v1/normalizers/{name}/statistics", "reader"),
          Map.entry("GET /api/v1/normalizers/{name}/affine", "reader"),
          Map.entry("PUT /api/v1/normalizers/{name}/affine", "trainer"),
          Map.entry("POST /api/v1/normalizers/{name}/affine:step", "trainer"),
          Map.entry("GET /api/v1/normalizers/{name}/sparsity", "reader"),
          Map.entry("GET /api/v1/normalizers/{name}/export", "reader"),
          Map.entry("POST /api/v1/normalizers/{name}/import", "admin"),
          Map.entry("POST /api/v1/normalizers/{name}:normalize", "reader"),
          Map.entry("POST /api/v1/normalizers/{name}:observe", "trainer"),
          Map.entry("POST /api/v1/normalizers/{name}:denormalize", "reader"),
          Map.entry("POST /api/v1/normalizers/{name}:backward", "reader"),
          Map.entry("POST /api/v1/admin/normalizers/{name}:freeze", "admin"),
          Map.entry("POST /api/v1/admin/normalizers/{name}:unfreeze", "admin"),
          Map.entry("POST /api/v1/admin/normalizers/{name}:reset", "admin"),
          Map.entry("POST /api/v1/admin/normalizers/{name}:merge", "admin"),
          Map.entry("POST /api/v1/admin/normalizers/{name}:restore", "admin"),
          Map.entry("PUT /api/v1/admin/normalizers/{name}/statistics", "admin"),
          Map.entry("POST /api/v1/admin/normalizers/{name}/snapshots", "admin"),
          Map.entry("GET /api/v1/admin/normalizers/{name}/snapshots", "admin"),
          Map.entry("GET /api/v1/admin/normalizers/{name}/snapshots/{label}", "admin"),
          Map.entry("DELETE /api/v1/admin/normalizers/{name}/snapshots/{label}", "admin"),
          Map.entry("GET /api/v1/admin/audit", "admin"),
          Map.entry("GET /api/v1/admin/backup", "admin"),
          Map.entry("GET /v2", "reader"),
          Map.entry("GET /v2/", "reader"),
          Map.entry("GET /v2/health/live", "nobody"),
          Map.entry("GET /v2/health/ready", "nobody"),
          Map.entry("GET /v1/models", "reader"),
          Map.entry("GET /v1/models/{name}", "reader"),
          Map.entry("POST /v1/models/{name}:predict", "reader"),
          Map.entry("GET /v2/models", "reader"),
          Map.entry("GET /v2/models/{name}", "reader"),
          Map.entry("GET /v2/models/{name}/ready", "reader"),
          Map.entry("GET /v2/models/{name}/config", "reader"),
          Map.entry("GET /v2/models/{name}/stats", "reader"),
          Map.entry("POST /v2/models/{name}/infer", "reader"),
          Map.entry("GET /v2/models/{name}/versions/{version}", "reader"),
          Map.entry("GET /v2/models/{name}/versions/{version}/ready", "reader"),
          Map.entry("GET /v2/models/{name}/versions/{version}/config", "reader"),
          Map.entry("GET /v2/models/{name}/versions/{version}/stats", "reader"),
          Map.entry("POST /v2/models/{name}/versions/{version}/infer", "reader"),
          Map.entry("POST /v2/repository/index", "reader"),
          Map.entry("GET /", "nobody"),
          Map.entry("GET /page/{release}/{file}", "nobody"),
          Map.entry("GET /api/v1/caller", "reader"),
          Map.entry("GET /api/v1/drift", "reader"),
          Map.entry("GET /livez", "nobody"),
          Map.entry("GET /readyz", "nobody"),
          Map.entry("GET /actuator", "reader"),
          Map.entry("GET /actuator/health", "nobody"),
          Map.entry("GET /actuator/health/{*path}", "nobody"),
          Map.entry("GET /actuator/info", "reader"),
          Map.entry("GET /actuator/prometheus", "reader"),
          Map.entry("GET /v3/api-docs", "nobody"),
          Map.entry("GET /v3/api-docs.yaml", "nobody"),
          Map.entry("GET /v3/api-docs/swagger-config", "nobody"),
          Map.entry("GET /swagger-ui.html", "nobody"));

  @Autowired private WebTestClient client;
  @Autowired private List<RequestMappingInfoHandlerMapping> mappings;

  /// `METHOD pattern` of all that is mapped. Handlers for several media types are one route.
  private Set<String> routes() {
    Set<String> routes = new LinkedHashSet<>();
    for (RequestMappingInfoHandlerMapping mapping : mappings) {
      for (RequestMappingInfo info : mapping.getHandlerMethods().keySet()) {
        for (PathPattern pattern : info.getPatternsCondition().getPatterns()) {
          for (RequestMethod method : info.getMethodsCondition().getMethods()) {
            routes.add(method + " " + pattern.getPatternString());
          }
        }
      }
    }
    return routes;
  }

  @Test
  void theTableHasExactlyTheRoutesThatAreMapped() {
    assertThat(routes()).containsExactlyInAnyOrderElementsOf(NEEDED.keySet());
  }

  @Test
  void everyRouteAsksForItsRole() {
    Map<String, String> found = new TreeMap<>();
    Map<String, String> wanted = new TreeMap<>();
    int called = 0;
    for (Map.Entry<String, String> route : NEEDED.entrySet()) {
      for (String caller : List.of("nobody", "reader", "trainer", "admin")) {
        found.put(route.getKey() + " by " + caller, letIn(route.getKey(), caller));
        wanted.put(route.getKey() + " by " + caller, expected(route.getValue(), caller));
        called++;
      }
    }
    assertThat(found).isEqualTo(wanted);
    System.out.printf(
        "%d routes x none and %d roles: %d calls, each let in or refused as it has to be%n",
        NEEDED.size(), Role.values().length, called);
  }

  /// The OpenAPI document names both refusals, and no credential where none is asked for.
  @Test
  void theDocumentSaysWhichRoutesAskForACredential() {
    JsonNode paths = Exchange.to(client, "GET", "/v3/api-docs").send().json().path("paths");
    paths.forEachEntry((path, methods) ->
        methods.forEachEntry((method, operation) -> {
          String route = method.toUpperCase(Locale.ROOT) + " " + path;
          boolean guarded = !"nobody".equals(NEEDED.get(route));
          assertThat(operation.path("responses").has("401")).as(route).isEqualTo(guarded);
          assertThat(operation.path("responses").has("403")).as(route).isEqualTo(guarded);
          assertThat(operation.has("security")).as(route).isEqualTo(!guarded);
        }));
    assertThat(paths.at("/~1api~1v1~1normalizers~1{name}:observe/post/responses").propertyNames())
        .contains("401", "403", "408", "429", "503", "default");
  }

  private static String expected(String needed, String caller) {
    if (needed.equals("nobody")) {
      return "let in";
    }
    return Wire.parse(Role.class, caller)
        .map(role ->
            role.includes(Wire.parse(Role.class, needed).orElseThrow())
                ? "let in"
                : "403 forbidden")
        .orElse("401 unauthenticated");
  }

  private String letIn(String route, String caller) {
    String method = route.substring(0, route.indexOf(' '));
    String path =
        route
            .substring(method.length() + 1)
            .replace("{name}", "nobody-s")
            .replace("{version}", "1")
            .replace("{label}", "a")
            .replace("{release}", "1")
            .replace("{file}", "main.js")
            .replace("{*path}", "liveness");
    // a stream of events does not end
    boolean isStream = path.endsWith("/events") && !caller.equals("nobody");
    Exchange.Request request = Exchange.to(client, isStream ? "HEAD" : method, path).problems();
    if (path.endsWith("/events")) {
      request.with("Accept", "text/event-stream");
    }
    if (!caller.equals("nobody")) {
      request.with("Authorization", "Bearer " + caller + "-key");
    }
    Exchange answer = request.send();
    int status = answer.status();
    return status == 401 || status == 403 ? answer.problem() : "let in";
  }
}
