package io.evenkeel.boards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The compose file, judged by the schema of the Compose Specification (Apache-2.0, without its
/// descriptions, as of the package dclint 3.1.0), and what it says of other files.
class ComposeFileTest {
  private static final Path DOCKER = Path.of("docker").toAbsolutePath();
  private static final String SCHEMA = "/compose/compose.schema.json";

  private static JsonNode file;

  @BeforeAll
  static void readTheFile() throws IOException {
    file = Documents.yaml(DOCKER.resolve("compose.yaml"));
  }

  @Test
  void itIsWhatComposeReads() throws IOException {
    assertThat(Documents.faults(SCHEMA, file)).isEmpty();
  }

  @Test
  void theSchemaFindsAMistake() throws IOException {
    ObjectNode mistaken = (ObjectNode) file.deepCopy();
    ((ObjectNode) mistaken.at("/services/grafana")).put("profile", "observability");
    assertThat(Documents.faults(SCHEMA, mistaken)).isNotEmpty();
  }

  /// Whoever does not ask for the profile gets the service alone.
  @Test
  void onlyTheServiceStartsByItself() {
    List<String> always = new ArrayList<>();
    for (var service : file.path("services").properties()) {
      if (service.getValue().path("profiles").isEmpty()) {
        always.add(service.getKey());
      }
    }
    assertThat(always).containsExactly("evenkeel");
  }

  @Test
  void everyMountedFileExistsAndEveryVolumeIsDeclared() {
    int mounted = 0;
    for (JsonNode service : file.path("services")) {
      for (JsonNode volume : service.path("volumes")) {
        String source = volume.asString().replaceFirst(":.*", "");
        if (source.startsWith(".")) {
          assertThat(DOCKER.resolve(source)).exists();
          mounted++;
        } else {
          assertThat(file.path("volumes").propertyNames()).contains(source);
        }
      }
      for (JsonNode port : service.path("ports")) {
        assertThat(port.asString()).startsWith("127.0.0.1:");
      }
    }
    assertThat(mounted).isEqualTo(4);
  }

  /// Where Prometheus and Grafana look for what is mounted.
  @Test
  void thePathsInTheContainersAgree() throws IOException {
    assertThat(volumes("prometheus")).contains("../config/prometheus:/etc/prometheus:ro");
    JsonNode prometheus = Documents.yaml(Documents.CONFIG.resolve("prometheus/prometheus.yml"));
    assertThat(prometheus.at("/scrape_configs/0/authorization/credentials_file").asString())
        .isEqualTo("/run/secrets/" + file.at("/services/prometheus/secrets/0/target").asString());
    assertThat(prometheus.at("/scrape_configs/0/static_configs/0/targets/0").asString())
        .isEqualTo("evenkeel:8080");
    Path provisioning = Documents.CONFIG.resolve("grafana/provisioning");
    String boards =
        Documents.yaml(provisioning.resolve("dashboards/evenkeel.yml"))
            .at("/providers/0/options/path")
            .asString();
    assertThat(volumes("grafana"))
        .contains(
            "../config/grafana/dashboards:" + boards + ":ro",
            "../config/grafana/provisioning:/etc/grafana/provisioning:ro");
    String home =
        file.at("/services/grafana/environment/GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")
            .asString();
    assertThat(home).startsWith(boards + "/");
    assertThat(Documents.CONFIG.resolve("grafana/dashboards" + home.substring(boards.length())))
        .exists();
    assertThat(
            Documents.yaml(provisioning.resolve("datasources/prometheus.yml"))
                .at("/datasources/0/url")
                .asString())
        .isEqualTo("http://prometheus:9090");
  }

  private static List<String> volumes(String service) {
    List<String> volumes = new ArrayList<>();
    file.at("/services/" + service + "/volumes").forEach(v -> volumes.add(v.asString()));
    return volumes;
  }

  /// Prometheus sends the example key; the service knows its hash.
  @Test
  void theExampleKeyIsTheOneThatTheServiceAccepts() throws Exception {
    String key = Files.readString(DOCKER.resolve("example.key")).strip();
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    assertThat(file.at("/services/evenkeel/environment/EVENKEEL_SECURITY_KEYS").asString())
        .endsWith("sha256:" + HexFormat.of().formatHex(hash) + "}");
    assertThat(file.at("/secrets/evenkeel-key/file").asString()).endsWith("-example.key}");
  }
}
