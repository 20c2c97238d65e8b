package io.evenkeel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
  private static final Set<Route> ROUTES =
      Set.of(
          new Route("GET", "/v2/"),
          new Route("GET", "/api/v1/normalizers/{name}"),
          new Route("POST", "/api/v1/normalizers/{name}:normalize"),
          new Route("DELETE", "/api/v1/admin/normalizers/{name}/snapshots/{label}"));

  private static List<Mention> mentions(String... lines) {
    return Mention.of(Page.of(Path.of("a.md"), List.of(lines)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "`GET /v2`",
        "`HEAD /api/v1/normalizers/a`",
        "`/api/v1/normalizers/{other}:normalize?mode=training`",
        "curl -X POST \"$API/normalizers/$NAME:normalize\"",
        "curl ${API}/normalizers/a-1_b",
        "below `/api/v1/admin/`.",
        "`DELETE …/snapshots/{label}`",
        "`POST …:normalize`",
        "`…/admin/…/{id}/snapshots/{l}`",
        "`/api/v1/admin/…`",
        "\"instance\": \"/api/v1/normalizers/payments:normalize\"",
      })
  void aRequestThatIsMappedIsAmongThem(String line) {
    List<Mention> mentions = mentions("API=http://localhost:8080/api/v1", line);
    assertThat(mentions).hasSize(2).allMatch(mention -> mention.isAmong(ROUTES));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "`POST /v2`",
        "`DELETE /api/v1/admin`",
        "`/api/v1/normalizers/a:observe`",
        "`/api/v1/normaliser`",
        "curl $API/normalizers/a/b",
        "url = \"http://localhost:8080/v2/models\"",
        "`GET …/snapshots/{label}`",
        "`…:freeze`",
        "`/api/v1/audit/…`",
      })
  void aRequestThatIsNotMappedIsNotAmongThem(String line) {
    List<Mention> mentions = mentions("API='http://localhost:8080/api/v1'", line);
    assertThat(mentions).hasSize(2);
    assertThat(mentions.getLast().isAmong(ROUTES)).isFalse();
  }

  @Test
  void otherServersAndVersionsAreNoMention() {
    assertThat(mentions("https://example.org/api/v1/x, target/v2, /v2.1, and so on … or not"))
        .isEmpty();
  }
}
