package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.codec.csv.CsvTables;
import io.evenkeel.codec.csv.CsvTables.Table;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// CSV and its dialects over HTTP. The files are those of `src/test/resources/csv/tables.py`, whose
/// statistics are exact.
@ServiceUnderTest
class CsvHttpTest {
  private static final String AB =
      "{\"features\": [{\"name\": \"a\"}, {\"name\": \"é\"}], \"missing\": \"ignore\"}";

  @Autowired private WebTestClient client;

  static List<Table> good() {
    // the texts that mean a missing value are those of every definition
    return CsvTables.good().stream()
        .filter(table -> !table.file().matches(".*-(question|dash)[.]csv"))
        .toList();
  }

  static List<Table> all() {
    return CsvTables.good();
  }

  static List<Table> bad() {
    return CsvTables.bad();
  }

  private Exchange.Request post(String name, String verbAndQuery, String type) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":" + verbAndQuery).as(type);
  }

  private Exchange statistics(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send();
  }

  private String defined(Table table) {
    JsonMapper json = new JsonMapper();
    return created(
        client,
        json.writeValueAsString(
            Map.of(
                "features",
                table.features().stream().map(name -> Map.of("name", name)).toList(),
                "missing",
                "ignore")));
  }

  /// A mean may be off by two units in the last place of the largest term, a variance by four.
  @ParameterizedTest
  @MethodSource("good")
  void aFileTrainsToItsExactStatistics(Table table) {
    for (String query :
        List.of("normalize?mode=training&", "observe?", "normalize?mode=training&batchRows=4&")) {
      String name = defined(table);
      Exchange trained =
          post(name, query + "extra=ignore", table.type()).body(table.bytes()).send();
      assertThat(trained.status()).as(trained.text()).isEqualTo(200);
      JsonNode statistics = new JsonMapper().readTree(statistics(name).text());
      assertThat(statistics.get("rows").asInt()).isEqualTo(table.rows().length);
      for (int j = 0; j < table.features().size(); j++) {
        JsonNode exact = table.told().get("statistics").get(j);
        for (String member : List.of("count", "min", "max")) {
          assertThat(statistics.get(member).get(j).asDouble())
              .as("%s of %d", member, j)
              .isEqualTo(exact.get(member).asDouble());
        }
        double variance = exact.get("variance").asDouble();
        double mean = exact.get("mean").asDouble();
        assertThat(statistics.get("variance").get(j).asDouble())
            .isCloseTo(variance, within(4 * Math.ulp(variance)));
        assertThat(statistics.get("mean").get(j).asDouble())
            .isCloseTo(mean, within(2 * Math.ulp(Math.abs(mean) + Math.sqrt(variance))));
      }
    }
  }

  /// A stranger's two requests: define by a file, and train by the same bytes.
  @ParameterizedTest
  @MethodSource("all")
  void aFileDefinesTheNormalizerThatItTrains(Table table) {
    String name = "csv-" + table.file().replace(".", "-");
    Exchange defined =
        Exchange.to(client, "PUT", NORMALIZERS + name).as(table.type()).body(table.bytes()).send();
    assertThat(defined.status()).as(defined.text()).isEqualTo(201);
    Exchange trained =
        post(name, "normalize?mode=training", table.type()).body(table.bytes()).send();
    assertThat(trained.status()).as(trained.text()).isEqualTo(200);
    JsonNode statistics = new JsonMapper().readTree(statistics(name).text());
    assertThat(statistics.get("rows").asInt()).isEqualTo(table.rows().length);
    for (String member : List.of("count", "min", "max")) {
      assertThat(statistics.get(member).valueStream().map(JsonNode::asDouble).toList())
          .as(member)
          .isEqualTo(
              table
                  .told()
                  .get("statistics")
                  .valueStream()
                  .map(feature -> feature.get(member).asDouble())
                  .toList());
    }
  }

  @ParameterizedTest
  @MethodSource("bad")
  void whatIsProbablyWrongIsRefusedAndNotCounted(Table table) {
    String name = defined(table);
    for (String query :
        List.of("normalize?mode=training&", "observe?", "normalize?mode=training&batchRows=2&")) {
      Exchange refused =
          post(name, query + "extra=ignore", table.type()).body(table.bytes()).send();
      assertThat(refused.status()).isIn(400, 415, 422);
      String told = refused.text().replace("\\\"", "\"");
      assertThat(told).contains(table.refused());
    }
    assertThat(statistics(name).at("/rows")).isEqualTo("0");
    assertThat(statistics(name).at("/version")).isEqualTo("1");
  }

  /// An answer in its own dialect reads back as the same numbers.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text/csv|text/csv|a,é,n\\n-1.0,,\"x;,y\"\\n1.0,,é\\n",
        "text/csv; delimiter=\";\";"
            + " decimal=\",\"|text/csv;delimiter=\";\";decimal=\",\"|a;é;n\\n-1,0;;\"x;,y\"\\n1,0;;é\\n",
        "text/tab-separated-values|text/tab-separated-values|a\té\tn\\n-1.0\t\tx;,y\\n1.0\t\té\\n",
        "text/csv;charset=latin1|text/csv;charset=iso-8859-1|a,é,n\\n-1.0,,\"x;,y\"\\n1.0,,é\\n",
        "text/csv;charset=utf-16le|text/csv;charset=utf-16le|a,é,n\\n-1.0,,\"x;,y\"\\n1.0,,é\\n"
      })
  void theAnswerComesInTheDialectThatWasSent(String sent, String answered, String expected) {
    String body = expected.replace("-1.0", "1.5").replace("-1,0", "1,5").replace("\\n", "\n");
    Charset charset =
        answered.contains("charset=")
            ? Charset.forName(answered.substring(answered.indexOf("charset=") + 8))
            : StandardCharsets.UTF_8;
    String name = created(client, AB);
    byte[] bytes = body.replace("1.0", "2.5").replace("1,0", "2,5").getBytes(charset);
    Exchange answer = post(name, "normalize?mode=training&extra=keep", sent).body(bytes).send();
    assertThat(answer.header("Content-Type")).isEqualTo(answered);
    assertThat(new String(answer.bytes(), charset)).isEqualTo(expected.replace("\\n", "\n"));
  }

  @Test
  void aBodyWithoutAHeaderIsAnsweredWithoutOne() {
    String name = created(client, AB);
    Exchange answer =
        post(name, "normalize?mode=training", "text/csv;header=absent")
            .body("1.5,4\n2.5,\n")
            .send();
    assertThat(answer.header("Content-Type")).isEqualTo("text/csv;header=absent");
    assertThat(answer.text()).isEqualTo("-1.0,0.0\n1.0,\n");
    Exchange json =
        post(name, "normalize", "text/csv;header=absent")
            .with("Accept", "application/json")
            .body("1.5,4\n")
            .send();
    assertThat(json.at("/rows")).isEqualTo("[[-0.7071067811865475,0.0]]");
    assertThat(
            post(name, "normalize?weightColumn=w", "text/csv;header=absent")
                .body("1,4\n")
                .send()
                .faults())
        .containsExactly("#/header not-null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text/csv|text/csv|a,é\\n-1.0,0.0\\n",
        "text/csv;delimiter=\";\";decimal=\",\"|text/csv;delimiter=\";\";decimal=\",\"|a;é\\n-1,0;0,0\\n",
        "text/tab-separated-values, text/csv;q=0.5|text/tab-separated-values|a\té\\n-1.0\t0.0\\n",
        "text/csv;q=0.5, text/csv;header=absent;q=0.7|text/csv;header=absent|-1.0,0.0\\n",
        "application/json;q=0.1, text/*|text/csv;delimiter=\":\"|a:é\\n-1.0:0.0\\n",
        "*/*|text/csv;delimiter=\":\"|a:é\\n-1.0:0.0\\n"
      })
  void theAnswerComesInTheDialectThatIsAccepted(String accept, String answered, String expected) {
    String name = created(client, AB);
    post(name, "observe", "text/csv").body("a,é\n1,4\n2,4\n3,4\n").send();
    for (String stream : List.of("", "?batchRows=5")) {
      Exchange answer =
          post(name, "normalize" + stream, "text/csv;delimiter=\":\"")
              .with("Accept", accept)
              .body("a:é\n1:4\n")
              .send();
      assertThat(answer.header("Content-Type")).isEqualTo(answered);
      assertThat(answer.text()).isEqualTo(expected.replace("\\n", "\n"));
    }
  }

  /// Lines about batches stand between the rows of a stream, in UTF-8.
  @Test
  void aStreamIsAnsweredInUtf8() {
    String name = created(client, AB);
    Exchange answer =
        post(name, "normalize?mode=training&batchRows=2", "text/csv;charset=utf-16;delimiter=\";\"")
            .body("a;é\n1;4\n3;4\n".getBytes(StandardCharsets.UTF_16))
            .send();
    assertThat(answer.header("Content-Type")).isEqualTo("text/csv;delimiter=\";\"");
    assertThat(answer.text()).startsWith("a;é\n-1.0;0.0\n1.0;0.0\n{\"batch\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text/csv;charset=koi8-r|iso-8859-1",
        "text/csv;charset=klingon|charset=iso-8859-1",
        "text/csv;header=maybe|present or absent",
        "text/csv;delimiter=x|delimiter=\";\"",
        "text/csv;delimiter=;|delimiter=\";\"",
        "text/csv;delimiter=\";;\"|delimiter=\";\"",
        "text/csv;decimal=\",\"|delimiter=\";\""
      })
  void anUnknownDialectIsUnsupportedWithTheKnownOnes(String type, String told) {
    String name = created(client, AB);
    for (String verb :
        List.of("normalize?mode=training", "normalize?batchRows=3", "observe", "denormalize")) {
      Exchange refused = post(name, verb, type).body("a,é\n1,2\n3,4\n").send();
      assertThat(refused.problem()).isEqualTo("415 unsupported-media-type");
      assertThat(refused.at("/detail")).containsIgnoringCase(told);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"text/csv;charset=iso-8859-1|UTF-8", "text/csv;header=maybe|present or absent"})
  void aDialectThatCannotBeAnsweredIsNotAcceptable(String accept, String told) {
    String name = created(client, AB);
    Exchange refused =
        post(name, "normalize?mode=training", "text/csv")
            .with("Accept", accept)
            .body("a,é\n1,2\n3,4\n")
            .send();
    assertThat(refused.problem()).isEqualTo("406 not-acceptable");
    assertThat(refused.at("/detail")).contains(told);
    assertThat(statistics(name).at("/rows")).isEqualTo("0");
  }

  /// ISO-8859-1 has no euro sign.
  @Test
  void anAnswerWhoseNamesItsCharsetLacksIsInUtf8() {
    String name =
        created(
            client,
            "{\"features\": [{\"name\": \"a\"}, {\"name\": \"€\"}], \"missing\": \"ignore\"}");
    Exchange refused = post(name, "normalize", "text/csv;charset=latin1").body("a\n1\n").send();
    assertThat(refused.faults()).containsExactly("#/header missing-column");
    byte[] body = "1,5\n2,6\n".getBytes(StandardCharsets.ISO_8859_1);
    Exchange answer =
        post(name, "normalize?mode=training", "text/csv;header=absent;charset=latin1")
            .body(body)
            .send();
    assertThat(answer.header("Content-Type")).isEqualTo("text/csv;header=absent");
  }

  @Test
  void columnsWithoutANameAreRepeatedWhereTheyCanBe() {
    String name = created(client, AB);
    String body = ",a,é,\nx,1.5,4,\ny,2.5,4,\n";
    Exchange csv = post(name, "normalize?mode=training&extra=keep", "text/csv").body(body).send();
    assertThat(csv.text()).isEqualTo(",a,é,\nx,-1.0,0.0,\ny,1.0,0.0,\n");
    Exchange json =
        post(name, "normalize?mode=training&extra=keep", "text/csv")
            .with("Accept", "application/json")
            .body(body)
            .send();
    assertThat(json.problem()).isEqualTo("406 not-acceptable");
    assertThat(statistics(name).at("/rows")).isEqualTo("2");
    Exchange refused = post(name, "normalize", "text/csv").body(body).send();
    assertThat(refused.faults())
        .containsExactly("#/header/0 unknown-feature", "#/header/3 unknown-feature");
    assertThat(refused.text()).contains("Column 1 has no name", "?extra=ignore");
  }

  @Test
  void membersOfJsonAreColumnsInTheAcceptedDialect() {
    String name = created(client, AB);
    post(name, "observe", "text/csv").body("a,é\n1,4\n2,4\n3,4\n").send();
    Exchange answer =
        post(name, "normalize?extra=keep", "application/json")
            .with("Accept", "text/csv;delimiter=\";\"")
            .body("{\"rows\": [{\"a\": 1, \"é\": 4, \"id\": \"x;y\"}]}")
            .send();
    assertThat(answer.text()).isEqualTo("a;é;id\n-1.0;0.0;\"x;y\"\n");
  }

  @Test
  void aDialectIsRefusedBeforeAnyRowOfALongBody() {
    String name = created(client, AB);
    String rows =
        List.of("1;2\n", "3;4\n").stream()
            .map(row -> row.repeat(5000))
            .collect(Collectors.joining());
    Exchange refused =
        post(name, "normalize?mode=training", "text/csv").body("a;é\n" + rows).send();
    assertThat(refused.faults()).containsExactly("#/header missing-column");
    assertThat(refused.text())
        .contains("The header is one column and holds 1 ';': send text/csv;delimiter=\\\";\\\".");
  }
}
