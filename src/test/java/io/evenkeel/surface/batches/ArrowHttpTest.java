package io.evenkeel.surface.batches;

import static io.evenkeel.codec.arrow.ArrowStreams.float32;
import static io.evenkeel.codec.arrow.ArrowStreams.float64;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.codec.arrow.ArrowStreams;
import io.evenkeel.codec.arrow.ArrowStreams.Content;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Arrow streams in and out, section 2 of the HTTP contract.
@ServiceUnderTest
class ArrowHttpTest {
  private static final String ARROW = "application/vnd.apache.arrow.stream";
  private static final String FILE = "application/vnd.apache.arrow.file";
  private static final String TWO =
      "{\"features\": [{\"name\": \"a\", \"min\": 0, \"max\": 100}, {\"name\": \"b\"}]}";
  private static final List<Field> AB = List.of(float64("a"), float64("b"));

  /// Exact by hand: 1, 3 have mean 2 and biased deviation 1; so do 10, 20 with 15 and 5.
  private static final byte[] ROWS = ArrowStreams.of(AB, 1, 1, 10, 3, 20);

  @Autowired private WebTestClient client;

  private Exchange.Request post(String name, String verbAndQuery) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":" + verbAndQuery).as(ARROW);
  }

  private String statistics(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/statistics")
        .send()
        .text()
        .replace(name, "n");
  }

  private static Content content(Exchange answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo(ARROW);
    return ArrowStreams.read(answer.bytes());
  }

  @Test
  void aTrainingBatchIsNormalisedByItselfAndCounted() {
    String name = created(client, TWO);
    Exchange answer = post(name, "normalize?mode=training").body(ROWS).send();
    Content content = content(answer);
    assertThat(content.fields()).isEqualTo(AB);
    assertThat(content.column("a")).isEqualTo("[-1.0, 1.0]");
    assertThat(content.column("b")).isEqualTo("[-1.0, 1.0]");
    assertThat(answer.header("Normalizer-Outcome")).isEqualTo("applied");
    assertThat(answer.header("Normalizer-Version")).isEqualTo("2");
  }

  @Test
  void trainingInArrowGivesTheSameRowsAndStatisticsAsInJson() {
    int features = 5;
    int rows = 400;
    double[] values = new Random(11).doubles((long) rows * features, -1e3, 1e6).toArray();
    List<Field> fields = IntStream.range(0, features).mapToObj(j -> float64("f" + j)).toList();
    StringBuilder json = new StringBuilder("{\"rows\": [");
    for (int i = 0; i < rows; i++) {
      double[] row = Arrays.copyOfRange(values, i * features, (i + 1) * features);
      json.append(i == 0 ? "" : ",").append(Arrays.toString(row));
    }
    String definition = "{\"featureCount\": 5}";
    String inJson = created(client, definition);
    String inArrow = created(client, definition);
    Exchange told =
        Exchange.to(client, "POST", NORMALIZERS + inJson + ":normalize?mode=training")
            .body(json.append("]}").toString())
            .send();
    Content content =
        content(
            post(inArrow, "normalize?mode=training")
                .body(ArrowStreams.of(fields, 77, values))
                .send());
    for (int j = 0; j < features; j++) {
      List<@Nullable Object> column = Objects.requireNonNull(content.columns().get("f" + j));
      for (int i = 0; i < rows; i++) {
        assertThat(column.get(i)).isEqualTo(told.json().at("/rows/" + i + "/" + j).asDouble());
      }
    }
    assertThat(statistics(inArrow)).isEqualTo(statistics(inJson)).contains("\"rows\":400");
  }

  @Test
  void float32IsAnsweredByFloat32InTheOrderInWhichItCame() {
    String name = created(client, TWO);
    post(name, "normalize?mode=training").body(ROWS).send();
    byte[] body = ArrowStreams.of(List.of(float32("b"), float64("a")), 9, 15, 3, 20, 2);
    Content content = content(post(name, "normalize?dtype=float64").body(body).send());
    assertThat(content.fields()).containsExactly(float32("b"), float64("a"));
    // by the running variances, 2 and 50: 5 / √50 as a float, 1 / √2 as a double
    assertThat(content.column("b")).isEqualTo("[0.0, 0.70710677]");
    assertThat(content.column("a")).isEqualTo("[0.7071067811865475, 0.0]");
  }

  @Test
  void theFormOfTheAnswerIsNegotiated() {
    String name = created(client, TWO);
    post(name, "normalize?mode=training").body(ROWS).send();
    for (String[] sent :
        new String[][] {
          {"application/json", "{\"rows\": [{\"b\": 15, \"a\": 2}]}"}, {"text/csv", "b,a\n15,2\n"}
        }) {
      Content content =
          content(post(name, "normalize").as(sent[0]).body(sent[1]).with("Accept", ARROW).send());
      assertThat(content.fields()).isEqualTo(AB);
      assertThat(content.column("a")).isEqualTo("[0.0]");
    }
    byte[] body = ArrowStreams.of(AB, 9, 2, 15);
    Exchange json = post(name, "normalize").body(body).with("Accept", "application/json").send();
    assertThat(json.at("/rows")).isEqualTo("[[0.0,0.0]]");
    assertThat(post(name, "normalize").body(body).with("Accept", "text/*").send().text())
        .isEqualTo("a,b\n0.0,0.0\n");
    for (String any : List.of("*/*", "application/*", "text/html;q=0.1, */*;q=0.01")) {
      content(post(name, "normalize").body(body).with("Accept", any).send());
    }
  }

  @Test
  void observeTakesAStreamThatIsLongerThanTheLongestBody() {
    String name = created(client, TWO);
    double[] values = new double[400_000];
    Arrays.setAll(values, i -> i % 2 == 0 ? i % 100 : i);
    byte[] body = ArrowStreams.of(AB, 10_000, values);
    assertThat(body.length).isGreaterThan(1 << 20);
    Exchange observed = post(name, "observe").body(body).send();
    assertThat(observed.status()).as(observed.text()).isEqualTo(200);
    assertThat(statistics(name)).contains("\"rows\":200000,\"batches\":1");
    Exchange normalized = post(name, "normalize").body(body).send();
    assertThat(normalized.problem()).isEqualTo("413 body-too-large");
    assertThat(normalized.at("/detail")).contains("fewer rows", ":observe", "batchRows");
    Exchange oneBatch = post(name, "observe").body(ArrowStreams.of(AB, 200_000, values)).send();
    assertThat(oneBatch.problem()).isEqualTo("413 body-too-large");
    assertThat(oneBatch.at("/detail")).contains("send its rows in several");
  }

  @Test
  void denormalizeLeadsAnAnswerBack() {
    String name = created(client, TWO);
    post(name, "normalize?mode=training").body(ROWS).send();
    Exchange answer = post(name, "normalize").body(ROWS).send();
    Content back = content(post(name, "denormalize").body(answer.bytes()).send());
    assertThat(back.column("a")).isEqualTo("[1.0, 3.0]");
    assertThat(back.column("b")).isEqualTo("[10.0, 20.0]");
  }

  /// Mean 15 and unbiased deviation √50 of b.
  @Test
  void aColumnThatIsLeftOutIsLeftOutOfTheInverse() {
    String name = created(client, TWO);
    post(name, "normalize?mode=training").body(ROWS).send();
    byte[] body = ArrowStreams.of(List.of(float64("id"), float32("b")), 9, 7, 0, 8, 0);
    Content back = content(post(name, "denormalize?extra=keep").body(body).send());
    assertThat(back.fields()).extracting(Field::getName).containsExactly("id", "b");
    assertThat(back.column("id")).isEqualTo("[7.0, 8.0]");
    assertThat(back.column("b")).isEqualTo("[15.0, 15.0]");
  }

  @Test
  void columnsThatAreNoFeatureAreKeptAndMayBeWeights() {
    String name = created(client, TWO);
    byte[] body =
        ArrowStreams.of(List.of(float32("w"), float64("id"), float64("a")), 9, 1, 7, 1, 3, 8, 5);
    Exchange weighted =
        post(name, "observe?weightColumn=w&extra=ignore&onFrozen=reject").body(body).send();
    assertThat(weighted.problem()).isEqualTo("422 invalid-batch");
    assertThat(weighted.faults()).containsExactly("#/header missing-column");
    String lenient =
        created(
            client,
            "{\"missing\": \"ignore\", \"absent\": \"missing\", \"features\": [{\"name\": \"a\"},"
                + " {\"name\": \"b\"}]}");
    Content content =
        content(
            post(lenient, "normalize?mode=training&weightColumn=w&extra=keep").body(body).send());
    assertThat(content.fields()).containsExactly(float64("id"), float64("a"), float64("b"));
    assertThat(content.column("id")).isEqualTo("[7.0, 8.0]");
    assertThat(content.column("b")).isEqualTo("[null, null]");
    // mean (1 · 1 + 3 · 5) / 4
    assertThat(statistics(lenient)).contains("\"mean\":[4.0,0.0]", "\"count\":[4.0,0.0]");
    assertThat(
            post(name, "normalize?weightColumn=w")
                .as("application/json")
                .body("{}")
                .send()
                .problem())
        .isEqualTo("400 bad-parameter");
  }

  @Test
  void rowsThatAreSkippedAreNull() {
    String name = created(client, TWO);
    byte[] body = ArrowStreams.of(AB, 9, 1, 10, 999, 10, 3, 20);
    Exchange answer =
        post(name, "normalize?mode=training&invalidRows=skip&maxSkipped=0.5").body(body).send();
    assertThat(content(answer).column("b")).isEqualTo("[-1.0, null, 1.0]");
    assertThat(answer.header("Normalizer-Skipped")).isEqualTo("1");
  }

  @Test
  void allFaultsAreToldAtOnceAndNothingMoves() {
    String name = created(client, TWO);
    double nan = Double.NaN;
    Exchange values =
        post(name, "normalize?mode=training")
            .body(ArrowStreams.of(List.of(float64("b"), float64("a")), 1, 1, 101, nan, 1))
            .send();
    assertThat(values.problem()).isEqualTo("422 invalid-batch");
    assertThat(values.faults())
        .containsExactly("#/rows/0/0 out-of-range", "#/rows/1/1 missing-value");
    Exchange columns =
        post(name, "normalize?mode=training")
            .body(ArrowStreams.python("wrong-types.arrows"))
            .send();
    assertThat(columns.problem()).isEqualTo("422 invalid-batch");
    // no row has a fault of its own
    assertThat(columns.faults())
        .containsExactly(
            "#/rows batch-too-small",
            "#/header/1 unknown-value",
            "#/header/2 unknown-feature",
            "#/header/3 unknown-feature",
            "#/header/4 unknown-feature",
            "#/header/5 duplicate-feature");
    assertThat(columns.text())
        .contains("The column 'b' is utf8; a feature is numbers or booleans. Cast the column");
    byte[] empty = ArrowStreams.of(AB, 1);
    assertThat(post(name, "normalize?mode=training").body(empty).send().faults())
        .containsExactly("#/rows empty-batch");
    assertThat(content(post(name, "normalize").body(empty).send()).batches()).isZero();
    assertThat(statistics(name)).contains("\"version\":1,");
  }

  @Test
  void whatCannotBeReadIsRefusedWithThePlace() {
    String name = untrained(client, TWO);
    for (String verb : List.of("normalize", "normalize?mode=training", "observe", "denormalize")) {
      Exchange refused =
          post(name, verb).body(ArrowStreams.python("two-batches-legacy.arrows")).send();
      assertThat(refused.problem()).isEqualTo("400 unreadable-body");
      assertThat(refused.at("/line")).isEqualTo("1");
      assertThat(refused.at("/column")).isEqualTo("1");
      assertThat(refused.at("/detail")).contains("begins with the bytes FF FF FF FF");
    }
    Exchange cut =
        post(name, "observe")
            .body(Arrays.copyOf(ArrowStreams.python("two-batches.arrows"), 300))
            .send();
    assertThat(cut.at("/column")).isEqualTo("301");
    assertThat(statistics(name)).contains("\"version\":1,");
  }

  /// A file is answered by a file, a stream by a stream, and each by the other where it is asked
  /// for.
  @Test
  void filesAndStreamsAreReadAndAnswered() {
    String name = created(client, "{\"featureCount\": 1, \"missing\": \"ignore\"}");
    byte[] file = ArrowStreams.python("two-batches.arrow");
    String ab =
        created(
            client,
            "{\"missing\": \"ignore\", \"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}");
    Exchange answer = post(ab, "normalize?mode=training").as(FILE).body(file).send();
    assertThat(answer.header("Content-Type")).isEqualTo(FILE);
    assertThat(ArrowStreams.readFile(answer.bytes()).column("a"))
        .isEqualTo("[1.0, null, -1.0, null]");
    answer = post(ab, "normalize").as(FILE).body(file).send();
    Content stream =
        content(post(ab, "normalize").as(FILE).body(file).with("Accept", ARROW).send());
    assertThat(stream.columns()).isEqualTo(ArrowStreams.readFile(answer.bytes()).columns());
    Exchange batches = post(ab, "normalize?batchRows=1").body(file).with("Accept", FILE).send();
    assertThat(ArrowStreams.readFile(batches.bytes()).batches()).isEqualTo(4);
    assertThat(ArrowStreams.readFile(batches.bytes()).columns()).isEqualTo(stream.columns());
    assertThat(
            post(name, "observe")
                .as(FILE)
                .body(ArrowStreams.python("version-1.feather"))
                .send()
                .problem())
        .isEqualTo("415 unsupported-media-type");
  }

  /// 320 KB a batch, so that each answer has more than one record batch, and they are made one by
  /// one while the answer is written. The footer must know all of them, each at its place.
  @Test
  void theFooterOfALongFileKnowsEveryRecordBatch() {
    String name = created(client, "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}");
    int rows = 60_000;
    double[] values = new double[2 * rows];
    Arrays.setAll(values, i -> i % 4 < 2 ? i : -i);
    byte[] body = ArrowStreams.of(AB, 1_000, values);
    String query = "normalize?mode=training&batchRows=20000";
    WebTestClient patient =
        client.mutate().codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(4 << 20)).build();
    Exchange.Request train =
        Exchange.to(patient, "POST", NORMALIZERS + name + ":" + query).as(ARROW).body(body);
    Content stream = content(train.send());
    train.with("Accept", FILE);
    for (int i = 0; i < 20; i++) {
      Exchange file = train.send();
      Content content = ArrowStreams.readFile(file.bytes());
      assertThat(content.batches()).isEqualTo(stream.batches());
      assertThat(content.columns()).isEqualTo(stream.columns());
    }
  }

  @Test
  void theSameStreamUnderTheSameKeyIsADuplicate() {
    String name = created(client, TWO);
    for (String outcome : List.of("applied", "duplicate")) {
      Exchange answer =
          post(name, "normalize?mode=training").body(ROWS).with("Idempotency-Key", "k").send();
      assertThat(answer.header("Normalizer-Outcome")).isEqualTo(outcome);
      assertThat(content(answer).column("a")).isEqualTo("[-1.0, 1.0]");
    }
  }

  @Test
  void theDescriptionNamesTheMediaType() {
    String document = Exchange.to(client, "GET", "/v3/api-docs").send().text();
    for (String verb : List.of("normalize", "denormalize", "observe")) {
      int at = document.indexOf("{name}:" + verb);
      assertThat(document.substring(at, document.indexOf("responses", at))).contains(ARROW);
    }
  }
}
