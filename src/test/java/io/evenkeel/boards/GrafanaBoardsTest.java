package io.evenkeel.boards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The boards for Grafana and the files that provision them.
///
/// The judge of a board is a schema that is made of Grafana's own types; `dashboard.ts` beside it
/// says how. It is closed: no object may have a member that Grafana's types do not have.
class GrafanaBoardsTest {
  private static final String SCHEMA = "/grafana/dashboard.schema.json";
  private static final String DEFAULTS = "/fieldConfig/defaults";
  private static final String VARIABLE = "/templating/list/1";

  @TempDir private Path folder;

  static List<Path> boards() throws IOException {
    List<Path> boards = Documents.boards();
    assertThat(boards).hasSizeGreaterThan(1);
    return boards;
  }

  @ParameterizedTest
  @MethodSource("boards")
  void aBoardIsWhatGrafanaReads(Path file) throws IOException {
    assertThat(Documents.faults(SCHEMA, Documents.json(file))).isEmpty();
  }

  /// Small mistakes of the kind that Grafana shows as an empty panel, or not at all.
  private record Mistake(String name, Consumer<ObjectNode> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Mistake> mistakes() {
    return Stream.of(
        new Mistake("a member of the board spelled wrong", board -> board.put("tittle", "x")),
        new Mistake("no version", board -> board.remove("schemaVersion")),
        new Mistake("a number for a text", board -> board.put("refresh", 30)),
        new Mistake("no such panel", board -> panel(board).put("type", "timeserie")),
        new Mistake("a source by name", board -> panel(board).put("datasource", "Prometheus")),
        new Mistake("no width", board -> in(panel(board), "/gridPos").remove("w")),
        new Mistake("no option", board -> in(panel(board), "/options").remove("reduceOptions")),
        new Mistake("a wrong option", board -> in(panel(board), "/options").put("graphMode", "x")),
        new Mistake("no such unit", board -> in(panel(board), DEFAULTS).put("unit", "seconds")),
        new Mistake("a text for a number", board -> in(panel(board), DEFAULTS).put("min", "0")),
        new Mistake("a query's member", board -> in(panel(board), "/targets/0").put("query", "up")),
        new Mistake("no expression", board -> in(panel(board), "/targets/0").remove("expr")),
        new Mistake("a kind of variable", board -> in(board, VARIABLE).put("type", "queries")),
        new Mistake("a variable's refresh", board -> in(board, VARIABLE).put("refresh", 3)));
  }

  private static ObjectNode in(ObjectNode node, String pointer) {
    return (ObjectNode) node.at(pointer);
  }

  private static ObjectNode panel(ObjectNode board) {
    ObjectNode panel = (ObjectNode) board.at("/panels/0");
    assertThat(panel.path("type").asString()).isEqualTo("stat");
    return panel;
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void theSchemaFindsAMistake(Mistake mistake) throws IOException {
    ObjectNode board = (ObjectNode) Documents.json(boards().getFirst());
    mistake.change().accept(board);
    assertThat(Documents.faults(SCHEMA, board)).isNotEmpty();
  }

  /// Each expression as a rule of its own, for Prometheus' own parser.
  @Test
  void prometheusReadsEveryExpression() throws Exception {
    StringBuilder rules = new StringBuilder("groups:\n- name: boards\n  rules:\n");
    List<Expression> expressions = Expression.ofBoards();
    for (int i = 0; i < expressions.size(); i++) {
      String quoted = "'" + expressions.get(i).text().replace("'", "''") + "'";
      rules.append("  - record: e%d\n    expr: %s\n".formatted(i, quoted));
    }
    Path file = Files.writeString(folder.resolve("rules.yml"), rules);
    PrometheusProgram.Run run =
        PrometheusProgram.here("promtool").run("check", "rules", file.toString());
    run.isClean();
    assertThat(run.printed()).contains(expressions.size() + " rules found");
  }

  @ParameterizedTest
  @MethodSource("boards")
  void panelsHaveNumbersOfTheirOwnAndDoNotCoverEachOther(Path file) throws IOException {
    Set<Integer> numbers = new HashSet<>();
    Set<List<Integer>> covered = new HashSet<>();
    for (JsonNode panel : Documents.json(file).path("panels")) {
      assertThat(numbers.add(panel.path("id").asInt())).as(panel.path("title").asString()).isTrue();
      JsonNode place = panel.path("gridPos");
      int left = place.path("x").asInt();
      int right = left + place.path("w").asInt();
      assertThat(right).isBetween(left + 1, 24);
      for (int y = place.path("y").asInt(); y < at(place, "y") + at(place, "h"); y++) {
        for (int x = left; x < right; x++) {
          assertThat(covered.add(List.of(x, y))).as(panel.path("title").asString()).isTrue();
        }
      }
    }
  }

  private static int at(JsonNode place, String member) {
    return place.path(member).asInt();
  }

  /// The boards, the source of their values and the links between them are found by their names.
  @Test
  void theNamesThatBoardsAndProvisioningUseAgree() throws IOException {
    Path provisioning = Documents.CONFIG.resolve("grafana/provisioning");
    JsonNode source =
        Documents.yaml(provisioning.resolve("datasources/prometheus.yml")).at("/datasources/0");
    assertThat(source.path("type").asString()).isEqualTo("prometheus");
    JsonNode prometheus = Documents.yaml(Documents.CONFIG.resolve("prometheus/prometheus.yml"));
    assertThat(source.at("/jsonData/timeInterval").asString())
        .isEqualTo(prometheus.at("/global/scrape_interval").asString());
    Set<String> links = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (Path file : boards()) {
      JsonNode board = Documents.json(file);
      names.add("/d/" + board.path("uid").asString());
      board.path("links").forEach(link -> links.add(link.path("url").asString()));
      JsonNode chosen = board.at("/templating/list/0");
      assertThat(chosen.path("query").asString()).isEqualTo("prometheus");
      assertThat(chosen.at("/current/value").asString()).isEqualTo(source.path("uid").asString());
      assertThat(board.findValuesAsString("uid"))
          .containsOnly(board.path("uid").asString(), "${datasource}");
    }
    assertThat(names).doesNotHaveDuplicates();
    assertThat(names).containsAll(links);
    assertThat(
            Documents.yaml(provisioning.resolve("dashboards/evenkeel.yml"))
                .at("/providers/0/options/path")
                .asString())
        .isEqualTo("/etc/evenkeel/dashboards");
  }
}
