package io.evenkeel.surface.normalizers;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Features that are added and renamed while a normalizer is in use.
@ServiceUnderTest
class RedefinitionHttpTest {
  private static final String TWO = "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}";
  private static final String THREE =
      "{\"features\": [{\"name\": \"x\"}, {\"name\": \"b\"}, {\"name\": \"c\"}], \"renamed\":"
          + " {\"a\": \"x\"}}";

  @Autowired private WebTestClient client;

  private Exchange redefine(String name, String definition) {
    Exchange shown = Exchange.to(client, "GET", NORMALIZERS + name).send();
    return Exchange.to(client, "PUT", NORMALIZERS + name + "/definition")
        .with("If-Match", String.valueOf(shown.header("ETag")))
        .body(definition)
        .send();
  }

  private Exchange post(String path, String body) {
    return Exchange.to(client, "POST", path).body(body).send();
  }

  private Exchange statistics(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send();
  }

  /// Mean 2, 20 and unbiased variance 2, 200.
  private String trained() {
    String name = created(client, TWO);
    assertThat(post(NORMALIZERS + name + ":observe", "{\"rows\": [[1, 10], [3, 30]]}").status())
        .isEqualTo(200);
    return name;
  }

  @Test
  void anAddedFeatureHasNoValueAndARenamedOneKeepsItsOwn() {
    String name = trained();
    Exchange changed = redefine(name, THREE);
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(changed.at("/version")).isEqualTo("3");
    assertThat(changed.at("/definition/renamed")).isEqualTo("absent");
    assertThat(changed.at("/definition/features/0/name")).isEqualTo("x");
    Exchange shown = statistics(name);
    assertThat(shown.at("/features")).isEqualTo("[\"x\",\"b\",\"c\"]");
    assertThat(shown.at("/count")).isEqualTo("[2.0,2.0,0.0]");
    assertThat(shown.at("/mean")).isEqualTo("[2.0,20.0,0.0]");
    assertThat(shown.at("/variance")).isEqualTo("[2.0,200.0,1.0]");
    assertThat(shown.at("/untrained")).isEqualTo("[\"c\"]");
    Exchange refused = post(NORMALIZERS + name + ":normalize", "{\"rows\": [[2, 20, 7]]}");
    assertThat(refused.problem()).isEqualTo("409 not-trained");
    assertThat(refused.at("/detail"))
        .isEqualTo(
            "'"
                + name
                + "' has no statistics yet of 'c'. Train it first, or set 'untrained' to 'identity'"
                + " in its definition to normalise by mean 0 and variance 1.");
    post(NORMALIZERS + name + ":observe", "{\"rows\": [{\"x\": 2, \"b\": 20, \"c\": 7}]}");
    assertThat(post(NORMALIZERS + name + ":normalize", "{\"rows\": [[2, 20, 7]]}").at("/rows"))
        .isEqualTo("[[0.0,0.0,0.0]]");
    assertThat(Exchange.to(client, "GET", NORMALIZERS + name + "/affine").send().text())
        .isEqualTo("{\"gamma\":[1.0,1.0,1.0],\"beta\":[0.0,0.0,0.0]}");
  }

  @Test
  void theSameAgainChangesNothing() {
    String name = trained();
    redefine(name, THREE);
    Exchange again = redefine(name, THREE);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.at("/version")).isEqualTo("3");
  }

  /// Inference by a snapshot takes the columns that the snapshot has, on every surface.
  @Test
  void aSnapshotKeepsItsFeatures() {
    String name = trained();
    post(ADMIN + name + "/snapshots", "{\"label\": \"old\"}");
    assertThat(redefine(name, THREE).status()).isEqualTo(200);
    Exchange by =
        post(NORMALIZERS + name + ":normalize?snapshot=old", "{\"rows\": [{\"a\": 2, \"b\": 20}]}");
    assertThat(by.at("/rows")).as(by.text()).isEqualTo("[{\"a\":0.0,\"b\":0.0}]");
    Exchange model =
        post(
            "/v2/models/" + name + "/versions/old/infer",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [1, 2], \"datatype\": \"FP64\","
                + " \"data\": [2, 20]}]}");
    assertThat(model.at("/outputs/0/data")).as(model.text()).isEqualTo("[0.0,0.0]");
    assertThat(
            Exchange.to(client, "GET", "/v2/models/" + name + "/versions/old")
                .send()
                .at("/inputs/0/shape"))
        .isEqualTo("[-1,2]");
    Exchange restored = post(ADMIN + name + ":restore", "{\"snapshot\": \"old\"}");
    assertThat(restored.status()).as(restored.text()).isEqualTo(200);
    assertThat(statistics(name).at("/features")).isEqualTo("[\"a\",\"b\"]");
    assertThat(post(NORMALIZERS + name + ":normalize", "{\"rows\": [[2, 20]]}").at("/rows"))
        .isEqualTo("[[0.0,0.0]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'featureCount': 3}|409 definition-conflict",
        "{'features': [{'name': 'a'}]}|409 definition-conflict",
        "{'features': [{'name': 'c'}, {'name': 'a'}, {'name': 'b'}]}|409 definition-conflict",
        "{'features': [{'name': 'a'}, {'name': 'c'}], 'renamed': {'z': 'c'}}|409"
            + " definition-conflict",
        "{'features': [{'name': 'a'}, {'name': 'b'}, {'name': 'c'}], 'affine': {'gamma': [1, 1,"
            + " 2], 'beta': [0, 0, 0]}}|409 definition-conflict",
        "{'features': [{'name': 'a'}, {'name': 'b'}], 'renamed': {'a': 'b'}}|409"
            + " definition-conflict",
        "{'features': [{'name': 'a'}, {'name': 'b'}], 'renamed': {'b': 'b', 'z': 'a', 'a':"
            + " 'b'}}|422 invalid-definition",
        "{'features': [{'name': 'a'}, {'name': 'b'}], 'renamed': {'b': 'c'}}|422"
            + " invalid-definition",
        "{'features': [{'name': 'a'}, {'name': 'b'}], 'renamed': {'b': null}}|422"
            + " invalid-definition",
        "{'features': [{'name': 'a'}, {'name': 'b'}], 'renamed': ['b']}|400 unreadable-body"
      })
  void whatTakesAFeatureFromItsPlaceIsRefused(String definition, String problem) {
    String name = trained();
    assertThat(redefine(name, definition.replace('\'', '"')).problem()).isEqualTo(problem);
    assertThat(statistics(name).at("/features")).isEqualTo("[\"a\",\"b\"]");
    assertThat(statistics(name).at("/version")).isEqualTo("2");
  }

  @Test
  void theFaultOfANewNameIsAtTheOldOne() {
    Exchange refused =
        redefine(
            trained(),
            "{\"features\": [{\"name\": \"c\"}, {\"name\": \"d\"}], \"renamed\": {\"a/b\": \"e\","
                + " \"a\": \"c\", \"b\": \"c\"}}");
    assertThat(refused.faults())
        .containsExactlyInAnyOrder(
            "#/renamed/a~1b unknown-feature", "#/renamed/b duplicate-feature");
  }

  /// The members that say how batches are received change as the others do.
  @Test
  void theReceptionOfBatchesChanges() {
    String name = trained();
    Exchange changed =
        redefine(
            name,
            "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}], \"extra\": \"keep\","
                + " \"absent\": \"zero\", \"na\": [\"-\"], \"untrained\": \"identity\"}");
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(changed.at("/definition/extra")).isEqualTo("keep");
    assertThat(changed.at("/definition/absent")).isEqualTo("zero");
    assertThat(changed.at("/definition/na")).isEqualTo("[\"-\"]");
    assertThat(changed.at("/definition/untrained")).isEqualTo("identity");
    assertThat(changed.at("/version")).isEqualTo("3");
  }
}
