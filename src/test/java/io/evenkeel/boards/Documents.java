package io.evenkeel.boards;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The files beside the jar, as trees.
final class Documents {
  /// The folder of settings.
  static final Path CONFIG = Path.of("config").toAbsolutePath();

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final YAMLMapper YAML = YAMLMapper.builder().build();

  private Documents() {}

  static JsonNode yaml(Path file) throws IOException {
    return YAML.readTree(Files.readString(file));
  }

  static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  /// The boards for Grafana.
  static List<Path> boards() throws IOException {
    try (Stream<Path> files = Files.list(CONFIG.resolve("grafana/dashboards"))) {
      return files.sorted().toList();
    }
  }

  /// The files of rules for Prometheus.
  static List<Path> rules() {
    return Stream.of("recording.yml", "alerts.yml")
        .map(CONFIG.resolve("prometheus")::resolve)
        .toList();
  }

  /// What a schema of the tests' resources says against a document.
  static List<Error> faults(String schema, JsonNode document) throws IOException {
    try (InputStream in = Documents.class.getResourceAsStream(schema)) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
          .getSchema(JSON.readTree(Objects.requireNonNull(in, schema)))
          .validate(document);
    }
  }
}
