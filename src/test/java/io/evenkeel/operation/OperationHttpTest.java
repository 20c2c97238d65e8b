package io.evenkeel.operation;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/// Section 6 of the HTTP contract: probes, meters, documentation.
@ServiceUnderTest
@AutoConfigureMetrics
class OperationHttpTest {
  @Autowired private WebTestClient client;

  private Exchange get(String path) {
    return Exchange.to(client, "GET", path).send();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/livez", "/readyz", "/actuator/health", "/actuator/info", "/v3/api-docs"})
  void aProbeAnswers(String path) {
    assertThat(get(path).status()).isEqualTo(200);
  }

  @Test
  void readinessAsksTheStore() {
    assertThat(get("/readyz").at("/components/store/status")).isEqualTo("UP");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator/env",
        "/actuator/heapdump",
        "/actuator/beans",
        "/actuator/loggers",
        "/nothing"
      })
  void whatIsNotExposedIsNotFound(String path) {
    assertThat(get(path).problem()).isEqualTo("404 not-found");
  }

  private double meter(String name, String tags) {
    var line =
        Pattern.compile(
                "^" + name + "(?:\\{[^}]*" + tags + "[^}]*})? ([0-9.E]+)$", Pattern.MULTILINE)
            .matcher(get("/actuator/prometheus").text());
    return line.find() ? Double.parseDouble(line.group(1)) : 0;
  }

  @Test
  void commandsOfTheAuditTrailAreCounted() {
    double before = meter("evenkeel_audit_entries_total", "");
    String name = created(client, "{\"featureCount\": 1}");
    Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?mode=training")
        .body("{\"rows\": [[1], [2]]}")
        .send();
    Exchange freeze =
        Exchange.to(client, "POST", "/api/v1/admin/normalizers/" + name + ":freeze")
            .body("{}")
            .send();
    assertThat(freeze.status()).isEqualTo(200);
    assertThat(meter("evenkeel_audit_entries_total", "")).isEqualTo(before + 2);
    assertThat(meter("evenkeel_audit_kept_entries", "")).isEqualTo(1_000_000);
  }

  @Test
  void batchesRowsAndRefusalsAreCounted() {
    String name = created(client, "{\"featureCount\": 1}");
    double batches = meter("evenkeel_batches_total", "mode=\"training\",outcome=\"applied\"");
    double rows = meter("evenkeel_rows_total", "mode=\"training\",outcome=\"applied\"");
    double inferred = meter("evenkeel_rows_total", "mode=\"inference\",outcome=\"none\"");
    double refused = meter("evenkeel_refused_total", "mode=\"training\",reason=\"invalid-batch\"");
    String path = NORMALIZERS + name + ":normalize";
    Exchange.to(client, "POST", path + "?mode=training").body("{\"rows\": [[1], [2], [3]]}").send();
    Exchange.to(client, "POST", path).body("{\"rows\": [[1], [2]]}").send();
    Exchange.to(client, "POST", path + "?mode=training").body("{\"rows\": []}").send();
    assertThat(meter("evenkeel_batches_total", "mode=\"training\",outcome=\"applied\""))
        .isEqualTo(batches + 1);
    assertThat(meter("evenkeel_rows_total", "mode=\"training\",outcome=\"applied\""))
        .isEqualTo(rows + 3);
    assertThat(meter("evenkeel_rows_total", "mode=\"inference\",outcome=\"none\""))
        .isEqualTo(inferred + 2);
    assertThat(meter("evenkeel_refused_total", "mode=\"training\",reason=\"invalid-batch\""))
        .isEqualTo(refused + 1);
    assertThat(get("/actuator/prometheus").text()).doesNotContain(name);
  }

  @Test
  void theDocumentNamesEveryOperation() {
    Exchange document = get("/v3/api-docs");
    assertThat(document.at("/openapi")).startsWith("3.1");
    JsonNode paths = document.json().path("paths");
    assertThat(paths.propertyNames())
        .containsExactlyInAnyOrder(
            "/api/v1/normalizers",
            "/api/v1/normalizers/{name}",
            "/api/v1/normalizers/{name}/definition",
            "/api/v1/normalizers/{name}/statistics",
            "/api/v1/normalizers/{name}/affine",
            "/api/v1/normalizers/{name}/affine:step",
            "/api/v1/normalizers/{name}/sparsity",
            "/api/v1/normalizers/{name}/serving",
            "/api/v1/normalizers/{name}/export",
            "/api/v1/normalizers/{name}/import",
            "/api/v1/normalizers/{name}/state",
            "/api/v1/normalizers/{name}/events",
            "/api/v1/normalizers/{name}/drift",
            "/api/v1/events",
            "/api/v1/caller",
            "/api/v1/drift",
            "/api/v1/normalizers/{name}:normalize",
            "/api/v1/normalizers/{name}:observe",
            "/api/v1/normalizers/{name}:denormalize",
            "/api/v1/normalizers/{name}:backward",
            "/api/v1/admin/normalizers/{name}:freeze",
            "/api/v1/admin/normalizers/{name}:unfreeze",
            "/api/v1/admin/normalizers/{name}:reset",
            "/api/v1/admin/normalizers/{name}:merge",
            "/api/v1/admin/normalizers/{name}:restore",
            "/api/v1/admin/normalizers/{name}/statistics",
            "/api/v1/admin/normalizers/{name}/snapshots",
            "/api/v1/admin/normalizers/{name}/snapshots/{label}",
            "/api/v1/admin/audit",
            "/api/v1/admin/backup",
            "/v2",
            "/v2/health/live",
            "/v2/health/ready",
            "/v1/models",
            "/v1/models/{name}",
            "/v1/models/{name}:predict",
            "/v2/models",
            "/v2/models/{name}",
            "/v2/models/{name}/ready",
            "/v2/models/{name}/config",
            "/v2/models/{name}/stats",
            "/v2/models/{name}/infer",
            "/v2/models/{name}/versions/{version}",
            "/v2/models/{name}/versions/{version}/ready",
            "/v2/models/{name}/versions/{version}/config",
            "/v2/models/{name}/versions/{version}/stats",
            "/v2/models/{name}/versions/{version}/infer",
            "/v2/repository/index");
    assertThat(
            paths
                .path("/api/v1/normalizers/{name}:normalize")
                .path("post")
                .path("requestBody")
                .path("content")
                .propertyNames())
        .containsExactlyInAnyOrder(
            "application/json",
            "text/csv",
            "text/tab-separated-values",
            "application/octet-stream",
            "application/x-npy",
            "application/x-ndjson",
            "application/vnd.apache.arrow.stream",
            "application/vnd.apache.arrow.file");
  }
}
