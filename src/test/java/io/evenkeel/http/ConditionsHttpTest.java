package io.evenkeel.http;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// `If-Match` and `If-None-Match` as RFC 9110, section 13.1, has them.
@ServiceUnderTest
class ConditionsHttpTest {
  private static final String ONE = "{\"featureCount\": 1}";

  @Autowired private WebTestClient client;

  private Exchange.Request request(String method, String path) {
    Exchange.Request request = Exchange.to(client, method, path);
    return path.startsWith("/v") ? request.problems() : request;
  }

  private Exchange get(String name) {
    return request("GET", NORMALIZERS + name).send();
  }

  private String tag(String name) {
    return String.valueOf(get(name).header("ETag"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "\"1-1\"", "\"else\"", "W/\"else\"", "\"a\", \"b\""})
  void ifMatchCreatesNothing(String tags) {
    Exchange refused =
        request("PUT", NORMALIZERS + "never-made").with("If-Match", tags).body(ONE).send();
    assertThat(refused.problem()).isEqualTo("412 version-mismatch");
    assertThat(get("never-made").problem()).isEqualTo("404 unknown-normalizer");
  }

  @Test
  void ifMatchImportsNothing() {
    String layer = "{\"mean\": [1], \"var\": [2], \"scale\": [1], \"n_samples_seen\": 3}";
    Exchange refused =
        request("POST", NORMALIZERS + "never-imported/import?format=scikit-learn")
            .with("If-Match", "*")
            .body(
                layer
                    .replace("mean", "mean_")
                    .replace("var\"", "var_\"")
                    .replace("scale", "scale_")
                    .replace("seen\"", "seen_\""))
            .send();
    assertThat(refused.problem()).isEqualTo("412 version-mismatch");
    assertThat(get("never-imported").problem()).isEqualTo("404 unknown-normalizer");
  }

  @Test
  void ifNoneMatchStarCreatesOnly() {
    String path = NORMALIZERS + "made-once";
    assertThat(request("PUT", path).with("If-None-Match", "*").body(ONE).send().status())
        .isEqualTo(201);
    String made = get("made-once").text();
    // the same definition, and another
    assertThat(request("PUT", path).with("If-None-Match", "*").body(ONE).send().problem())
        .isEqualTo("412 version-mismatch");
    assertThat(
            request("PUT", path)
                .with("If-None-Match", "*")
                .body("{\"featureCount\": 2}")
                .send()
                .problem())
        .isEqualTo("412 version-mismatch");
    assertThat(get("made-once").text()).isEqualTo(made);
    assertThat(request("PUT", path).with("If-Match", "*").body(ONE).send().status()).isEqualTo(200);
  }

  /// A tag on the left; whether the request is carried out with it in `If-Match`, in
  /// `If-None-Match`. `TAG` is that of the present state.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TAG|true|false",
        "W/TAG|false|false",
        "*|true|false",
        "\"else\"|false|true",
        "W/\"else\"|false|true",
        "\"else\", TAG|true|false",
        "\"else\",TAG,\"third\"|true|false",
        " TAG |true|false",
        ", ,TAG,|true|false",
        "\"else\", W/TAG|false|false",
        "\"\"|false|true",
        "\"0-0\", \"zzzzzzzzzzzzz-1\"|false|true",
        "\"a,b\"|false|true",
        "\"*\"|false|true"
      })
  void aListOfTagsIsHeldAgainstThePresentState(
      String tags, boolean matches, boolean passesNoneMatch) {
    String name = created(client, ONE);
    String tag = tag(name);
    String sent = tags.replace("TAG", tag);
    String path = NORMALIZERS + name;
    assertThat(request("GET", path).with("If-Match", sent).send().status())
        .isEqualTo(matches ? 200 : 412);
    assertThat(request("GET", path).with("If-None-Match", sent).send().status())
        .isEqualTo(passesNoneMatch ? 200 : 304);
    assertThat(reset(name).with("If-Match", sent).send().status()).isEqualTo(matches ? 200 : 412);
    // the state has moved where it matched
    String now = tags.replace("TAG", tag(name));
    assertThat(reset(name).with("If-None-Match", now).send().status())
        .isEqualTo(passesNoneMatch ? 200 : 412);
    assertThat(get(name).at("/version"))
        .isEqualTo(Integer.toString(1 + (matches ? 1 : 0) + (passesNoneMatch ? 1 : 0)));
  }

  private Exchange.Request reset(String name) {
    return request("POST", ADMIN + name + ":reset");
  }

  @Test
  void severalLinesAreOneList() {
    String name = created(client, ONE);
    String tag = tag(name);
    assertThat(reset(name).with("If-Match", "\"a\"").with("If-Match", tag).send().status())
        .isEqualTo(200);
    assertThat(reset(name).with("If-Match", "\"a\"").with("If-Match", tag).send().problem())
        .isEqualTo("412 version-mismatch");
    assertThat(
            request("GET", NORMALIZERS + name)
                .with("If-None-Match", "\"a\"")
                .with("If-None-Match", "W/" + tag(name))
                .send()
                .status())
        .isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "1-1",
        "\"open",
        "open\"",
        "\"a\" \"b\"",
        "\"a\"; \"b\"",
        "*, \"a\"",
        "\"a\", *",
        "**",
        "w/\"a\"",
        "W/ \"a\"",
        "W/",
        "\"a b\"",
        ",",
        "'a'"
      })
  void whatIsNoListOfTagsIsABadParameter(String tags) {
    String name = created(client, ONE);
    String path = NORMALIZERS + name;
    for (String header : new String[] {"If-Match", "If-None-Match"}) {
      assertThat(bad(request("GET", path), header, tags)).isTrue();
      assertThat(bad(request("DELETE", path), header, tags)).isTrue();
      assertThat(bad(request("PUT", path).body(ONE), header, tags)).isTrue();
      assertThat(bad(request("PUT", NORMALIZERS + "not-made").body(ONE), header, tags)).isTrue();
      assertThat(bad(reset(name), header, tags)).isTrue();
      assertThat(bad(rows(name, "normalize?mode=training"), header, tags)).isTrue();
      assertThat(bad(rows(name, "normalize"), header, tags)).isTrue();
      assertThat(bad(rows(name, "observe"), header, tags)).isTrue();
    }
    assertThat(get(name).at("/version")).isEqualTo("1");
  }

  private Exchange.Request rows(String name, String verb) {
    return request("POST", NORMALIZERS + name + ":" + verb).body("{\"rows\": [[1], [2]]}");
  }

  private static boolean bad(Exchange.Request request, String header, String tags) {
    Exchange answer = request.with(header, tags).send();
    return answer.problem().equals("400 bad-parameter") && answer.at("/detail").contains(header);
  }

  /// Each route, with a tag of another state: 412 and nothing moved; with the one of this: done.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PUT|/api/v1/normalizers/NAME|{\"featureCount\": 1, \"untrained\": \"identity\"}",
        "PUT|/api/v1/normalizers/NAME/definition|{\"featureCount\": 1, \"clip\": 3}",
        "PUT|/api/v1/normalizers/NAME/affine|{\"gamma\": [2], \"beta\": [0]}",
        "PUT|/api/v1/normalizers/NAME/serving|{\"snapshot\": null}",
        "POST|/api/v1/normalizers/NAME/affine:step|{\"gammaGradient\": [1], \"betaGradient\": [1],"
            + " \"learningRate\": 1, \"l1\": 0, \"method\": \"proximal\"}",
        "POST|/api/v1/normalizers/NAME:normalize?mode=training|{\"rows\": [[1], [2]]}",
        "POST|/api/v1/normalizers/NAME:normalize?mode=training&batchRows=2|{\"rows\": [[1], [2]]}",
        "POST|/api/v1/normalizers/NAME:observe|{\"rows\": [[1], [2]]}",
        "POST|/api/v1/normalizers/NAME:normalize|{\"rows\": [[1], [2]]}",
        "POST|/api/v1/normalizers/NAME:denormalize|{\"rows\": [[1], [2]]}",
        "POST|/api/v1/normalizers/NAME:backward|{\"rows\": [[1]], \"outputGradients\": [[1]]}",
        "POST|/v2/models/NAME/infer|{\"inputs\": [{\"name\": \"x\", \"shape\": [1, 1],"
            + " \"datatype\": \"FP64\", \"data\": [1]}]}",
        "POST|/api/v1/admin/normalizers/NAME:freeze|{}",
        "POST|/api/v1/admin/normalizers/NAME:unfreeze|{}",
        "POST|/api/v1/admin/normalizers/NAME:reset|{}",
        "POST|/api/v1/admin/normalizers/NAME:merge|{\"count\": [2], \"mean\": [1], \"m2\": [1]}",
        "PUT|/api/v1/admin/normalizers/NAME/statistics|{\"count\": [2], \"mean\": [1],"
            + " \"variance\": [1]}",
        "POST|/api/v1/admin/normalizers/NAME/snapshots|{\"label\": \"second\"}",
        "POST|/api/v1/admin/normalizers/NAME:restore|{\"snapshot\": \"first\"}",
        "DELETE|/api/v1/admin/normalizers/NAME/snapshots/first|`{}`",
        "GET|/api/v1/normalizers/NAME|",
        "GET|/api/v1/normalizers/NAME/statistics|",
        "GET|/api/v1/normalizers/NAME/affine|",
        "GET|/api/v1/normalizers/NAME/sparsity|",
        "GET|/api/v1/normalizers/NAME/export?format=folded|",
        "DELETE|/api/v1/normalizers/NAME|"
      })
  void everyRouteHonoursThem(String method, String path, @Nullable String body) {
    String name = untrained(client, ONE);
    assertThat(
            request("POST", ADMIN + name + "/snapshots")
                .body("{\"label\": \"first\"}")
                .send()
                .status())
        .isEqualTo(201);
    String before = get(name).text();
    String tag = tag(name);
    assertThat(sent(method, path, name, body).with("If-Match", "\"else\"").send().problem())
        .isEqualTo("412 version-mismatch");
    assertThat(sent(method, path, name, body).with("If-Match", "W/" + tag).send().problem())
        .isEqualTo("412 version-mismatch");
    // a definition is changed with If-Match only
    boolean needsMatch = path.endsWith("/definition");
    int excluded = method.equals("GET") ? 304 : needsMatch ? 400 : 412;
    for (String tags : new String[] {"*", tag, "W/" + tag, "\"else\", " + tag}) {
      assertThat(sent(method, path, name, body).with("If-None-Match", tags).send().status())
          .isEqualTo(excluded);
    }
    assertThat(get(name).text()).isEqualTo(before);
    assertThat(
            sent(method, path, name, body)
                .with("If-Match", "\"else\", " + tag)
                .with("If-None-Match", "\"else\"")
                .send()
                .status())
        .isBetween(200, 299);
  }

  private Exchange.Request sent(String method, String path, String name, @Nullable String body) {
    Exchange.Request request = request(method, path.replace("NAME", name));
    return body == null ? request : request.body(body);
  }

  /// A key that was applied is told so before the state is looked at, which has moved by it.
  @Test
  void aRequestThatWasAppliedIsADuplicateThoughItsTagIsOld() {
    String name = created(client, ONE);
    String tag = tag(name);
    for (String outcome : new String[] {"applied", "duplicate"}) {
      assertThat(
              rows(name, "observe")
                  .with("If-Match", tag)
                  .with("Idempotency-Key", "k")
                  .send()
                  .at("/outcome"))
          .isEqualTo(outcome);
    }
  }
}
