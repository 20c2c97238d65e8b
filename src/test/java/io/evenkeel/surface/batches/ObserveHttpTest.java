package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Observed bodies whose bad rows are left out, and weights that are frequencies.
@ServiceUnderTest
class ObserveHttpTest {
  private static final String RANGED =
      "{\"features\": [{\"name\": \"a\", \"min\": 0, \"max\": 10}, {\"name\": \"b\"}]}";

  private static final Offset<Double> OF_A_VARIANCE = Offset.offset(1e-13);

  @Autowired private WebTestClient client;

  private Exchange observe(String name, String query, String type, String body) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":observe" + query)
        .as(type)
        .body(body)
        .send();
  }

  private String statistic(String name, String member) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send().at("/" + member);
  }

  /// Exact by hand: the rows 1 and 3 of a, 10 and 30 of b are left.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | {'rows': [[1, 10], [11, 20], [3, 30], [2, null], [1]]}",
        "application/x-ndjson | [1, 10]~[11, 20]~[3, 30]~[2, null]~[1]",
        "text/csv | a,b~1,10~11,20~3,30~2,~1~"
      })
  void badRowsAreLeftOutAndTold(String type, String body) {
    String name = created(client, RANGED);
    String sent = body.replace('\'', '"').replace('~', '\n');
    Exchange answer = observe(name, "?invalidRows=skip&maxSkipped=0.6", type, sent);
    assertThat(answer.text())
        .isEqualTo(
            "{\"normalizer\":\""
                + name
                + "\",\"outcome\":\"applied\",\"version\":2,\"skippedCount\":3,\"skipped\":["
                + "{\"row\":1,\"code\":\"out-of-range\"},{\"row\":3,\"code\":\"missing-value\"},"
                + "{\"row\":4,\"code\":\"feature-count\"}]}");
    assertThat(answer.header("Normalizer-Skipped")).isEqualTo("3");
    assertThat(statistic(name, "mean")).isEqualTo("[2.0,20.0]");
    assertThat(statistic(name, "rows")).isEqualTo("2");
  }

  @Test
  void moreBadRowsThanAllowedRefuseTheBody() {
    String name = created(client, RANGED);
    String body = "{\"rows\": [[1, 10], [11, 20], [3, 30], [2, null], [1]]}";
    for (String query : new String[] {"?invalidRows=skip&maxSkipped=0.59", "?invalidRows=skip"}) {
      Exchange refused = observe(name, query, "application/json", body);
      assertThat(refused.problem()).isEqualTo("422 invalid-batch");
      assertThat(refused.faults())
          .containsExactly(
              "#/rows/1/0 out-of-range", "#/rows/3/1 missing-value", "#/rows/4 feature-count");
    }
    assertThat(statistic(name, "rows")).isEqualTo("0");
    assertThat(observe(name, "?maxSkipped=1", "application/json", body).problem())
        .isEqualTo("422 invalid-batch");
    assertThat(observe(name, "?invalidRows=skip&maxSkipped=2", "application/json", body).problem())
        .isEqualTo("400 bad-parameter");
  }

  @Test
  void aBodyOfNothingButBadRowsIsEmpty() {
    String name = created(client, RANGED);
    String query = "?invalidRows=skip&maxSkipped=1";
    assertThat(observe(name, query, "application/json", "{\"rows\": [[11, 1]]}").faults())
        .containsExactly("#/rows empty-batch");
    String weighted = "{\"rows\": [[11, 1], [1, 1]], \"weights\": [1, 0]}";
    assertThat(observe(name, query, "application/json", weighted).faults())
        .containsExactly("#/weights positive");
    assertThat(observe(name, query, "text/csv", "a,c\n1,2\n").faults())
        .contains("#/header/1 unknown-feature");
  }

  /// More than one block of 1,048,576 numbers: the share is that of the whole body. The rows 1 and
  /// 3 come in turn, so their mean is 2.
  @Test
  void badRowsOfALongBodyAreCountedToItsEnd() {
    String name = created(client, "{\"features\": [{\"name\": \"a\", \"max\": 10}]}");
    int pairs = 600_000;
    StringBuilder body = new StringBuilder("a\n");
    body.repeat("1\n3\n", pairs).repeat("11\n", 150);
    Exchange refused =
        observe(name, "?invalidRows=skip&maxSkipped=0.0001", "text/csv", body.toString());
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.at("/errorCount")).isEqualTo("150");
    assertThat(refused.faults()).hasSize(100).startsWith("#/rows/1200000/0 out-of-range");
    assertThat(statistic(name, "rows")).isEqualTo("0");
    Exchange counted =
        observe(
            name, "?invalidRows=skip&maxSkipped=0.0002", "text/csv", "a\n11\n" + body.substring(2));
    assertThat(counted.at("/skippedCount")).isEqualTo("151");
    assertThat(counted.at("/skipped/0")).isEqualTo("{\"row\":0,\"code\":\"out-of-range\"}");
    assertThat(counted.at("/skipped/1/row")).isEqualTo("1200001");
    assertThat(counted.at("/skipped/99/row")).isEqualTo("1200099");
    assertThat(counted.at("/skipped/100")).isEqualTo("absent");
    assertThat(statistic(name, "rows")).isEqualTo("1200000");
    assertThat(statistic(name, "mean")).isEqualTo("[2.0]");
  }

  /// numpy.cov of 1.5, −2, 4.25 and 10 with `fweights` and `aweights` 3, 1, 2 and 4 (NumPy 2.4.6).
  @Test
  void weightsAreFrequenciesIfTheSenderSaysSo() {
    String rows = "{\"rows\": [[1.5], [-2], [4.25], [10]], \"weights\": [3, 1, 2, 4]}";
    String reliable = created(client, "{\"featureCount\": 1}");
    observe(reliable, "", "application/json", rows);
    assertThat(Double.parseDouble(statistic(reliable, "variance/0")))
        .isCloseTo(26.682142857142857, OF_A_VARIANCE);
    String counted = created(client, "{\"featureCount\": 1}");
    observe(counted, "?weightKind=frequency", "application/json", rows);
    assertThat(Double.parseDouble(statistic(counted, "variance/0")))
        .isCloseTo(20.752777777777776, OF_A_VARIANCE);
    String normalized = created(client, "{\"featureCount\": 1}");
    Exchange.to(
            client,
            "POST",
            NORMALIZERS + normalized + ":normalize?mode=training&weightKind=frequency")
        .body(rows)
        .send();
    assertThat(statistic(normalized, "variance")).isEqualTo(statistic(counted, "variance"));
    String streamed = created(client, "{\"featureCount\": 1}");
    Exchange.to(
            client,
            "POST",
            NORMALIZERS
                + streamed
                + ":normalize?mode=training&weightKind=frequency&weightColumn=w&batchRows=2")
        .as("application/x-ndjson")
        .body(
            "{\"f0\": 1.5, \"w\": 3}\n{\"f0\": -2, \"w\": 1}\n{\"f0\": 4.25, \"w\": 2}\n"
                + "{\"f0\": 10, \"w\": 4}\n")
        .send();
    assertThat(Double.parseDouble(statistic(streamed, "variance/0")))
        .isCloseTo(20.752777777777776, OF_A_VARIANCE);
  }

  @Test
  void aFrequencyIsAWholeNumber() {
    String name = created(client, "{\"featureCount\": 1}");
    String rows = "{\"rows\": [[1], [2]], \"weights\": [2, 2.5]}";
    Exchange refused = observe(name, "?weightKind=frequency", "application/json", rows);
    assertThat(refused.faults()).containsExactly("#/weights/1 digits");
    assertThat(refused.at("/errors/0/detail"))
        .isEqualTo(
            "The weight is 2.5; a frequency must be a whole number. Send weightKind=reliability for"
                + " other weights.");
    assertThat(observe(name, "", "application/json", rows).status()).isEqualTo(200);
    assertThat(observe(name, "?weightKind=counts", "application/json", rows).problem())
        .isEqualTo("400 bad-parameter");
  }
}
