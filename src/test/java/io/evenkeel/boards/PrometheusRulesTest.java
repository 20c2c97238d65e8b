package io.evenkeel.boards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The rules and the configuration for Prometheus, judged by its own `promtool`.
class PrometheusRulesTest {
  private static final Path TESTS =
      Path.of("src/test/resources/prometheus/alerts_test.yml").toAbsolutePath();
  private static final String KEY = "/run/secrets/evenkeel-key";

  @TempDir private Path folder;

  @Test
  void theRulesAreValid() throws Exception {
    for (Path file : Documents.rules()) {
      PrometheusProgram.here("promtool")
          .run("check", "rules", "--lint=all", "--lint-fatal", file.toString())
          .isClean();
    }
  }

  /// The key is a file that only the machine of Prometheus has.
  @Test
  void theConfigurationIsValid() throws Exception {
    PrometheusProgram promtool = PrometheusProgram.here("promtool");
    Path key = Files.writeString(folder.resolve("key"), "a key");
    for (Path file : Documents.rules()) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
    String text = Files.readString(Documents.CONFIG.resolve("prometheus/prometheus.yml"));
    assertThat(text).contains(KEY);
    Path file =
        Files.writeString(folder.resolve("prometheus.yml"), text.replace(KEY, key.toString()));
    PrometheusProgram.Run run =
        promtool.run("check", "config", "--lint=all", "--lint-fatal", file.toString());
    run.isClean();
    assertThat(run.printed()).contains("2 rule files found");
  }

  /// What each alert must do over given series stands in the file of tests.
  @Test
  void theAlertsFireWhereTheyMustAndNowhereElse() throws Exception {
    PrometheusProgram.here("promtool").run("test", "rules", TESTS.toString()).isClean();
  }

  @Test
  void eachAlertIsTestedWhereItFiresAndWhereItDoesNot() throws IOException {
    Set<String> alerts = new TreeSet<>();
    for (JsonNode group : Documents.yaml(Documents.rules().getLast()).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        alerts.add(rule.path("alert").asString());
        assertThat(rule.path("labels").path("severity").asString()).isIn("page", "ticket");
        assertThat(rule.path("annotations").propertyNames())
            .containsExactlyInAnyOrder("summary", "description");
      }
    }
    Set<String> firing = new HashSet<>();
    Set<String> silent = new HashSet<>();
    for (JsonNode test : Documents.yaml(TESTS).path("tests")) {
      for (JsonNode alert : test.path("alert_rule_test")) {
        Set<String> seen = alert.path("exp_alerts").isEmpty() ? silent : firing;
        seen.add(alert.path("alertname").asString());
      }
    }
    assertThat(alerts).hasSizeGreaterThan(10);
    assertThat(firing).containsExactlyInAnyOrderElementsOf(alerts);
    assertThat(silent).containsExactlyInAnyOrderElementsOf(alerts);
  }
}
