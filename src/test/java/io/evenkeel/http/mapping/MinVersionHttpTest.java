package io.evenkeel.http.mapping;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// `Min-Version` of section 2 of the HTTP contract, on every path that leads to a normalizer.
@ServiceUnderTest
class MinVersionHttpTest {
  @Autowired private WebTestClient client;

  private record Route(String method, String path, @Nullable String body) {}

  private static final List<Route> ROUTES =
      List.of(
          new Route("GET", "/api/v1/normalizers/NAME", null),
          new Route("HEAD", "/api/v1/normalizers/NAME", null),
          new Route("GET", "/api/v1/normalizers/NAME/statistics", null),
          new Route("GET", "/api/v1/normalizers/NAME/affine", null),
          new Route("GET", "/api/v1/normalizers/NAME/sparsity", null),
          new Route("GET", "/api/v1/normalizers/NAME/export?format=folded", null),
          new Route("POST", "/api/v1/normalizers/NAME:normalize", "{\"rows\": [[1], [2]]}"),
          new Route("POST", "/api/v1/normalizers/NAME%3Anormalize", "{\"rows\": [[1], [2]]}"),
          new Route(
              "POST", "/api/v1/normalizers/NAME:normalize?batchRows=1", "{\"rows\": [[1], [2]]}"),
          new Route("POST", "/api/v1/normalizers/NAME:denormalize", "{\"rows\": [[1], [2]]}"),
          new Route(
              "POST",
              "/api/v1/normalizers/NAME:backward?version=VERSION",
              "{\"rows\": [[1]], \"outputGradients\": [[1]]}"),
          new Route("GET", "/api/v1/admin/normalizers/NAME/snapshots", null),
          new Route("GET", "/api/v1/admin/normalizers/NAME/snapshots/first", null),
          new Route("GET", "/api/v1/admin/audit?name=NAME", null),
          new Route("GET", "/v2/models/NAME", null),
          new Route("GET", "/v2/models/NAME/ready", null),
          new Route("GET", "/v2/models/NAME/config", null),
          new Route("GET", "/v2/models/NAME/stats", null),
          new Route("GET", "/v1/models/NAME", null),
          new Route("POST", "/v1/models/NAME:predict", "{\"instances\": [[1]]}"),
          new Route("GET", "/v2/models/NAME/versions/VERSION", null),
          new Route(
              "POST",
              "/v2/models/NAME/infer",
              "{\"inputs\": [{\"name\": \"x\", \"shape\": [1, 1], \"datatype\": \"FP64\","
                  + " \"data\": [1]}]}"),
          // what moves the version comes last
          new Route(
              "POST", "/api/v1/normalizers/NAME:normalize?mode=training", "{\"rows\": [[1], [2]]}"),
          new Route(
              "POST",
              "/api/v1/normalizers/NAME:normalize?mode=training&batchRows=2",
              "{\"rows\": [[1], [2]]}"),
          new Route("POST", "/api/v1/normalizers/NAME:observe", "{\"rows\": [[1], [2]]}"),
          new Route("PUT", "/api/v1/normalizers/NAME/affine", "{\"gamma\": [2], \"beta\": [0]}"),
          new Route("POST", "/api/v1/admin/normalizers/NAME:freeze", "{}"));

  private Exchange send(Route route, String name, String version, String wanted) {
    String path = route.path().replace("NAME", name).replace("VERSION", version);
    Exchange.Request request =
        Exchange.to(client, route.method(), path).problems().with("Min-Version", wanted);
    return (route.body() == null ? request : request.body(route.body())).send();
  }

  private String trained() {
    String name = created(client, "{\"featureCount\": 1}");
    Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
        .body("{\"rows\": [[1], [2]]}")
        .send();
    Exchange.to(client, "POST", ADMIN + name + "/snapshots").body("{\"label\": \"first\"}").send();
    return name;
  }

  @Test
  void everyRouteAnswersFromAVersionThatIsThere() {
    String name = trained();
    for (Route route : ROUTES) {
      for (String reached : List.of("0", "1", "2", "002")) {
        assertThat(send(route, name, "2", reached).status())
            .describedAs("%s", route)
            .isEqualTo(200);
        if (!route.method().equals("GET") && !route.path().contains("NAME:normalize")) {
          break;
        }
      }
      if (route.path().contains("mode=training")) {
        break;
      }
    }
  }

  @Test
  void everyRouteSaysThatItIsBehindAVersionThatIsNotThere() {
    String name = trained();
    String before = Exchange.to(client, "GET", NORMALIZERS + name).send().text();
    List<Exchange> answers =
        Flux.fromIterable(ROUTES)
            .flatMap(
                route ->
                    Mono.fromCallable(() -> send(route, name, "2", "40"))
                        .subscribeOn(Schedulers.boundedElastic()),
                ROUTES.size())
            .collectList()
            .blockOptional()
            .orElseThrow();
    assertThat(answers).extracting(Exchange::status).containsOnly(503).hasSize(ROUTES.size());
    assertThat(answers).extracting(answer -> answer.header("Retry-After")).containsOnly("1");
    assertThat(answers.stream().map(Exchange::text).filter(text -> !text.isEmpty()))
        .hasSize(ROUTES.size() - 1)
        .allMatch(text -> text.contains("urn:evenkeel:problem:behind"))
        .allMatch(text -> text.contains("'" + name + "' is at version 2 here, not yet at 40."));
    assertThat(Exchange.to(client, "GET", NORMALIZERS + name).send().text()).isEqualTo(before);
  }

  @Test
  void aNameThatIsNotThereIsNotKnownYet() {
    Exchange behind = send(ROUTES.getFirst(), "not-there-yet", "1", "1");
    assertThat(behind.problem()).isEqualTo("503 behind");
    assertThat(behind.header("Retry-After")).isEqualTo("1");
  }

  /// There is no version to wait for of what is to be created.
  @Test
  void whatIsCreatedIsNotWaitedFor() {
    assertThat(
            Exchange.to(client, "PUT", NORMALIZERS + "made-at-once")
                .with("Min-Version", "7")
                .body("{\"featureCount\": 1}")
                .send()
                .status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        "1.0",
        "1e3",
        "two",
        "\"2\"",
        "1,2",
        "0x2",
        "1234567890123456789",
        "٢"
      })
  void whatIsNoVersionIsABadParameter(String version) {
    String name = trained();
    Stream.of(ROUTES.getFirst(), ROUTES.get(6), ROUTES.getLast())
        .forEach(route ->
            assertThat(send(route, name, "2", version).problem()).isEqualTo("400 bad-parameter"));
    assertThat(
            Exchange.to(client, "GET", "/api/v1/normalizers")
                .with("Min-Version", version)
                .send()
                .problem())
        .isEqualTo("400 bad-parameter");
  }

  @Test
  void twoVersionsAreABadParameter() {
    assertThat(
            Exchange.to(client, "GET", NORMALIZERS + trained())
                .with("Min-Version", "1")
                .with("Min-Version", "2")
                .send()
                .problem())
        .isEqualTo("400 bad-parameter");
  }
}
