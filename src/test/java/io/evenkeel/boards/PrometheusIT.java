package io.evenkeel.boards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.PackagedService;
import io.evenkeel.faults.replicas.ScratchServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Prometheus with the configuration and the rules of this project reads two packaged jars,
/// one on SQLite and one on PostgreSQL, with the keys of the compose file. Then every expression of
/// rules and boards has a value.
class PrometheusIT {
  private static final String CREDENTIALS =
      "admin admin sha256:93361426a3144ad5b77a2009bcfe1fe1cb6d72459e4166e9af738aa598302515";
  private static final String BATCH = "/api/v1/normalizers/boards:normalize";

  @TempDir private Path folder;

  @Test
  void everyExpressionOfRulesAndBoardsHasAValue() throws Exception {
    PrometheusProgram.here("prometheus");
    try (ScratchServer database = ScratchServer.start();
        PackagedService single = service("single", Map.of());
        PackagedService replica =
            service("replica", Map.of("EVENKEEL_STORE_URL", database.database()));
        PrometheusServer prometheus = prometheus(single, replica)) {
      for (PackagedService service : List.of(single, replica)) {
        assertThat(send(service, "PUT", "/api/v1/normalizers/boards", "{\"featureCount\": 1}"))
            .isEqualTo(201);
        freezeAnother(service);
      }
      await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() -> {
            traffic(single);
            traffic(replica);
            assertThat(withoutValue(prometheus)).isEmpty();
          });
      assertThat(prometheus.series("up{job=\"evenkeel\"} == 1")).isEqualTo(2);
      // of the directory of the store, and not of the one that the service was started in
      assertThat(prometheus.series("disk_total_bytes{path=~\".*/single\"} > 0")).isEqualTo(1);
      assertThat(prometheus.series("ALERTS{alertname=\"EvenkeelDown\"}")).isZero();

      replica.kill();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() ->
              prometheus.series("ALERTS{alertname=\"EvenkeelDown\", alertstate=\"pending\"}") == 1);
    }
  }

  private PackagedService service(String name, Map<String, String> environment)
      throws IOException, InterruptedException {
    File log = folder.resolve(name + ".log").toFile();
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("EVENKEEL_SECURITY_KEYS", CREDENTIALS);
    return PackagedService.start(folder.resolve(name), log, variables);
  }

  /// The configuration as it is, but for the addresses, the place of the key, and the pace.
  private PrometheusServer prometheus(PackagedService... services) throws IOException {
    for (Path file : Documents.rules()) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
    List<String> targets = new ArrayList<>();
    for (PackagedService service : services) {
      targets.add("127.0.0.1:" + service.port());
    }
    String text =
        Files.readString(Documents.CONFIG.resolve("prometheus/prometheus.yml"))
            .replace(
                "/run/secrets/evenkeel-key", Path.of("docker/example.key").toAbsolutePath() + "")
            .replace("evenkeel:8080", String.join("\n          - ", targets))
            .replace("15s", "1s");
    Path configuration = Files.writeString(folder.resolve("prometheus.yml"), text);
    File log = Path.of("target/prometheus.log").toFile();
    return PrometheusServer.start(configuration, folder.resolve("data"), log);
  }

  /// Drift is that of statistics which stay as they are.
  private static void freezeAnother(PackagedService service)
      throws IOException, InterruptedException {
    String name = "/api/v1/normalizers/frozen";
    assertThat(send(service, "PUT", name, "{\"featureCount\": 1}")).isEqualTo(201);
    assertThat(send(service, "POST", name + ":observe", "{\"rows\": [[1], [3]]}")).isEqualTo(200);
    assertThat(send(service, "POST", "/api/v1/admin/normalizers/frozen:freeze", "{}"))
        .isEqualTo(200);
  }

  private static void traffic(PackagedService service) throws IOException, InterruptedException {
    String training = BATCH + "?mode=training";
    assertThat(send(service, "POST", training, "{\"rows\": [[1], [3], [8]]}")).isEqualTo(200);
    assertThat(send(service, "POST", BATCH, "{\"rows\": [[2]]}")).isEqualTo(200);
    assertThat(send(service, "POST", BATCH, "{\"rows\": [[]]}")).isEqualTo(422);
    String frozen = BATCH.replace("boards", "frozen");
    assertThat(send(service, "POST", frozen, "{\"rows\": [[2]]}")).isEqualTo(200);
  }

  private static int send(PackagedService service, String method, String path, String body)
      throws IOException, InterruptedException {
    String key = Files.readString(Path.of("docker/example.key")).strip();
    return service.send(method, path, body, "Authorization", "Bearer " + key).statusCode();
  }

  /// Alerts have no value while all is well: what they compare is asked for, without the
  /// comparison.
  private static List<Expression> withoutValue(PrometheusServer prometheus)
      throws IOException, InterruptedException {
    List<Expression> missing = new ArrayList<>();
    for (Expression expression : Expression.all().toList()) {
      if (!expression.text().startsWith("ALERTS")) {
        for (String part : parts(expression)) {
          if (prometheus.series(part) < 1) {
            missing.add(new Expression(expression.place(), part));
          }
        }
      }
    }
    return missing;
  }

  private static List<String> parts(Expression expression) {
    if (!expression.place().startsWith("alerts.yml")) {
      return List.of(expression.text());
    }
    List<String> parts = new ArrayList<>();
    for (String comparison : expression.text().split("\\sand\\s")) {
      parts.add(comparison.replaceFirst("\\s(>|<|==)\\s.*", "").replace(", status=\"500\"", ""));
    }
    return parts;
  }
}
