package io.evenkeel.http;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Section 7 of the HTTP contract: texts are English whatever the locale of server or client, and
/// numbers in them are written as a person writes them.
@ServiceUnderTest
class TextsHttpTest {
  private static final Locale USUAL = Locale.getDefault();

  @Autowired private WebTestClient client;

  private record Bad(String method, String path, @Nullable String type, @Nullable String body) {
    static Bad definition(String body) {
      return new Bad("PUT", NORMALIZERS + "texts-never-made", "application/json", body);
    }

    static Bad get(String path) {
      return new Bad("GET", path, null, null);
    }

    static Bad json(String path, String body) {
      return new Bad("POST", path, "application/json", body);
    }
  }

  private static final List<Bad> ALL =
      List.of(
          Bad.definition("{}"),
          Bad.definition("{\"featureCount\": 0}"),
          Bad.definition("{\"featureCount\": 70000}"),
          Bad.definition("{\"featureCount\": 1, \"epsilon\": -1}"),
          Bad.definition("{\"featureCount\": 1, \"epsilon\": 1e999}"),
          Bad.definition("{\"featureCount\": 1, \"clip\": 0}"),
          Bad.definition("{\"featureCount\": 1, \"minimumBatchRows\": 0}"),
          Bad.definition("{\"featureCount\": 1, \"averaging\": {}}"),
          Bad.definition(
              "{\"featureCount\": 1, \"averaging\": {\"type\": \"exponential\", \"momentum\": 2}}"),
          Bad.definition(
              "{\"featureCount\": 1, \"averaging\": {\"type\": \"window\", \"batches\": 20000}}"),
          Bad.definition(
              "{\"featureCount\": 1, \"averaging\": {\"type\": \"cumulative\", \"prior\":"
                  + " {\"count\": 0, \"mean\": null, \"variance\": -1}}}"),
          Bad.definition(
              "{\"featureCount\": 1, \"training\": {\"type\": \"renormalization\", \"rMax\": 0.5,"
                  + " \"dMax\": -1}}"),
          Bad.definition("{\"featureCount\": 1, \"preset\": \"PYTORCH\"}"),
          Bad.definition("{\"featureCount\": 1, \"missing\": \"IGNORE\"}"),
          Bad.definition("{\"features\": []}"),
          Bad.definition("{\"features\": [null, {\"name\": null}, {\"name\": \"\"}]}"),
          Bad.definition("{\"features\": [{\"name\": \"a\\u0007\", \"min\": 2, \"max\": 1.5}]}"),
          Bad.definition("{\"featureCount\": 2, \"affine\": {\"gamma\": [1], \"beta\": null}}"),
          Bad.definition("{\"featureCount\": \"1\"}"),
          Bad.definition("{\"featureCount\": 1.5}"),
          Bad.definition("{\"FEATURECOUNT\": 1}"),
          Bad.definition("{\"featureCount\": 1"),
          Bad.definition("{\"featureCount\": 1} 2"),
          Bad.get(NORMALIZERS + "texts-never-made"),
          Bad.get(NORMALIZERS + "TITLE"),
          Bad.get("/api/v1/normalizers?pageSize=0"),
          Bad.get("/api/v1/normalizers?pageSize=one"),
          Bad.get("/api/v1/normalizers?PREFIX=i"),
          Bad.get(NORMALIZERS + "NAME/sparsity?ratio=1"),
          Bad.get(NORMALIZERS + "NAME/sparsity?ratio=1,5"),
          Bad.get(NORMALIZERS + "NAME/sparsity?minimumKept=-1"),
          Bad.get(NORMALIZERS + "NAME/export?format=ONNX"),
          Bad.get(NORMALIZERS + "NAME:normalize"),
          Bad.get("/nothing"),
          Bad.json(NORMALIZERS + "NAME:normalize?mode=INFERENCE", "{\"rows\": [[1]]}"),
          Bad.json(NORMALIZERS + "NAME:normalize?maxSkipped=5", "{\"rows\": [[1]]}"),
          Bad.json(NORMALIZERS + "NAME:normalize?maxSkipped=-0.5", "{\"rows\": [[1]]}"),
          Bad.json(NORMALIZERS + "NAME:normalize", "{\"rows\": [[212], [1e25], [0.5], [1, 2]]}"),
          Bad.json(NORMALIZERS + "NAME:normalize", "{\"rows\": [{\"I\": 1, \"i\": 2}]}"),
          Bad.json(NORMALIZERS + "NAME:observe", "{\"rows\": [[1], [2]], \"weights\": [-1, 1e-3]}"),
          Bad.json(
              NORMALIZERS + "NAME:observe",
              "{\"rows\": [[1], [2]], \"bounds\": {\"min\": [3], \"max\": [2.5]}}"),
          Bad.json(
              NORMALIZERS + "NAME/affine:step",
              "{\"gammaGradient\": [1, 2], \"betaGradient\": [], \"learningRate\": 0, \"l1\": -1}"),
          Bad.json(NORMALIZERS + "NAME:backward?version=123456", "{\"rows\": [[1]]}"),
          Bad.json(ADMIN + "NAME:freeze", "{\"scope\": \"STATISTICS\"}"),
          Bad.json(ADMIN + "NAME:reset", "{\"reason\": \"" + "i".repeat(1001) + "\"}"),
          Bad.json(ADMIN + "NAME/snapshots", "{\"label\": \"LIVE\"}"),
          Bad.json(ADMIN + "NAME:restore", "{\"snapshot\": \"1234567\"}"),
          Bad.json(
              ADMIN + "NAME:merge", "{\"count\": [-1], \"mean\": [1, 2], \"m2\": [-1234567.5]}"),
          Bad.json(
              "/v2/models/NAME/infer",
              "{\"inputs\": [{\"name\": \"i\", \"shape\": [1, 2], \"datatype\": \"int\","
                  + " \"data\": [1]}]}"),
          new Bad("POST", NORMALIZERS + "NAME:normalize", "text/csv", "f0\n1,5\n\"212\"\n"),
          new Bad("POST", NORMALIZERS + "NAME:normalize", "application/xml", "<i/>"),
          new Bad(
              "POST",
              NORMALIZERS + "NAME/import?format=keras",
              "application/json",
              "{\"epsilon\": -1, \"moving_variance\": [-2]}"));

  private String name() {
    return created(client, "{\"features\": [{\"name\": \"f0\", \"min\": 0, \"max\": 130.5}]}");
  }

  private Exchange send(Bad bad, String name, @Nullable String language) {
    Exchange.Request request =
        Exchange.to(client, bad.method(), bad.path().replace("NAME", name)).as(bad.type());
    if (language != null) {
      request.with("Accept-Language", language);
    }
    return (bad.body() == null ? request : request.body(bad.body())).send();
  }

  @AfterEach
  void restore() {
    Locale.setDefault(USUAL);
  }

  /// German words of Bean Validation, the Turkish i, the Arabic digits, the French comma.
  @ParameterizedTest
  @ValueSource(strings = {"de-DE", "tr-TR", "ar-EG-u-nu-arab", "fr-FR", "zh-CN", "hi-IN-u-nu-deva"})
  void textsAreTheSameUnderAnyLocale(String language) {
    String name = name();
    for (Bad bad : ALL) {
      Locale.setDefault(Locale.ENGLISH);
      String english = send(bad, name, null).text();
      Locale.setDefault(Locale.forLanguageTag(language));
      assertThat(send(bad, name, language).text()).describedAs("%s", bad).isEqualTo(english);
    }
  }

  /// No number of a text ends in `.0` or has a capital E, and nothing but ASCII and the infinity of
  /// an open range is in it.
  @Test
  void numbersAreWrittenAsAPersonWritesThem() {
    String name = name();
    Pattern odd = Pattern.compile("[0-9]\\.0(?![0-9])|[0-9]E-?[0-9]|[^\\x00-\\x7f∞]");
    for (Bad bad : ALL) {
      Exchange refused = send(bad, name, null);
      assertThat(refused.status()).describedAs("%s", bad).isBetween(400, 499);
      assertThat(refused.text()).describedAs("%s", bad).doesNotContainPattern(odd);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "?maxSkipped=5|'maxSkipped' is 5; it must be 0 to 1.",
        "?maxSkipped=1.5|'maxSkipped' is 1.5; it must be 0 to 1.",
        "?maxSkipped=1e25|'maxSkipped' is 1e25; it must be 0 to 1."
      })
  void aParameterIsToldAsItWasMeant(String query, String detail) {
    Exchange refused =
        Exchange.to(client, "POST", NORMALIZERS + name() + ":normalize" + query)
            .body("{\"rows\": [[1]]}")
            .send();
    assertThat(refused.at("/detail")).isEqualTo(detail);
  }

  @Test
  void aMomentumAboveOneIsRefusedInEnglish() {
    Locale.setDefault(Locale.GERMANY);
    Exchange refused =
        Exchange.to(client, "PUT", NORMALIZERS + "texts-never-made")
            .body(
                "{\"featureCount\": 1, \"averaging\": {\"type\": \"exponential\", \"momentum\":"
                    + " 2}}")
            .send();
    assertThat(refused.at("/errors/0/detail"))
        .isEqualTo("'momentum' is 2; it must be less than or equal to 1.");
  }
}
