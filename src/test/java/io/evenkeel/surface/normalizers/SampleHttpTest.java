package io.evenkeel.surface.normalizers;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.codec.npy.NpyFiles;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Definitions from data: section 1 of the HTTP contract, "From a sample".
@ServiceUnderTest
class SampleHttpTest {
  private static final String CSV = "text/csv";
  private static final String IRIS =
      """
      ,species,sepal length,petal
      0,setosa,5.1,1.4
      1,setosa,4.9,NA
      2,"virginica, big",7.0,6.1
      """;

  @Autowired private WebTestClient client;
  private String path = "";

  @BeforeEach
  void name(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
    path = NORMALIZERS + "sample-" + name + "-" + Math.abs(test.getDisplayName().hashCode());
  }

  private Exchange put(String query, String type, String body) {
    return put(query, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private Exchange put(String query, String type, byte[] body) {
    return Exchange.to(client, "PUT", path + query).as(type).body(body).send();
  }

  private Exchange post(String verb, String type, String body) {
    return Exchange.to(client, "POST", path + verb).as(type).body(body).send();
  }

  @Test
  void theColumnsOfNumbersBecomeTheFeatures() {
    Exchange made = put("", CSV, IRIS);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("Location")).isEqualTo(path);
    assertThat(made.header("Normalizer-Version")).isEqualTo("1");
    assertThat(made.at("/definition/features/0/name")).isEqualTo("sepal length");
    assertThat(made.at("/definition/features/1/name")).isEqualTo("petal");
    assertThat(made.at("/definition/features/2")).isEqualTo("absent");
    assertThat(made.at("/columns"))
        .isEqualTo(
            "[{\"name\":\"\",\"taken\":false,\"why\":\"no name: an"
                + " index\"},{\"name\":\"species\",\"taken\":false,\"why\":\"text:"
                + " 'setosa'\"},{\"name\":\"sepal"
                + " length\",\"taken\":true},{\"name\":\"petal\",\"taken\":true}]");
  }

  /// The same bytes that define it can train it, and nothing was counted before.
  @Test
  void theSampleTrainsTheNormalizerThatItDefines() {
    Exchange made = put("", CSV, IRIS);
    assertThat(made.at("/rows")).isEqualTo("0");
    assertThat(made.at("/definition/extra")).isEqualTo("keep");
    assertThat(made.at("/definition/missing")).isEqualTo("ignore");
    Exchange trained = post(":normalize?mode=training", CSV, IRIS);
    assertThat(trained.status()).isEqualTo(200);
    assertThat(trained.text()).contains("setosa", "virginica, big");
    Exchange statistics = Exchange.to(client, "GET", path + "/statistics").send();
    assertThat(statistics.at("/count")).isEqualTo("[3.0,2.0]");
    assertThat(statistics.at("/max")).isEqualTo("[7.0,6.1]");
  }

  @Test
  void theSameSampleAgainChangesNothing() {
    put("", CSV, IRIS);
    Exchange again = put("", CSV, IRIS);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.at("/columns/1/name")).isEqualTo("species");
    assertThat(again.header("Normalizer-Version")).isEqualTo("1");
    assertThat(put("", CSV, "a,b\n1,2\n").status()).isEqualTo(409);
  }

  @Test
  void aTableWithoutGapsAndTextHasTheDefaults() {
    Exchange made = put("", CSV, "a,b\n1,2\n3,4\n");
    assertThat(made.at("/definition/extra")).isEqualTo("reject");
    assertThat(made.at("/definition/missing")).isEqualTo("reject");
  }

  @Test
  void aMarkForMissingValuesIsAddedToTheDefinition() {
    String body = "a,b\n1,?\n3,4\n";
    Exchange made = put("", CSV, body);
    assertThat(made.at("/definition/na")).contains("\"NA\"").contains("\"?\"");
    assertThat(post(":normalize?mode=training", CSV, body).status()).isEqualTo(200);
  }

  @Test
  void theQueryChoosesThePresetAndTheColumns() {
    Exchange made = put("?preset=pytorch&features=b,a", CSV, "a,b,c\n1,2,3\n4,5,6\n");
    assertThat(made.at("/definition/preset")).isEqualTo("\"pytorch\"".replace("\"", ""));
    assertThat(made.at("/definition/features/0/name")).isEqualTo("a");
    assertThat(made.at("/definition/features/2")).isEqualTo("absent");
    assertThat(made.at("/columns/2/why")).isEqualTo("not named by features");
    path += "-except";
    made = put("?except=a", CSV, "a,b,c\n1,2,3\n4,5,6\n");
    assertThat(made.at("/definition/features/0/name")).isEqualTo("b");
    assertThat(made.at("/columns/0/why")).isEqualTo("named by except");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?features=a&except=b     | 400 | send one of them",
        "?features=speces         | 400 | did you mean 'species'?",
        "?features=species        | 422 | cannot be a feature (text: 'setosa')",
        "?except=petal,sepal%20length | 422 | No column holds only numbers",
        "?preset=torch            | 400 | pytorch",
        "?features=petal,petal    | 400 | twice",
        "?sample=1                | 400 | There is no query parameter 'sample'"
      })
  void aWrongChoiceIsRefused(String query, int status, String says) {
    Exchange refused = put(query, CSV, IRIS);
    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.text()).contains(says);
    assertThat(Exchange.to(client, "GET", path).send().status()).isEqualTo(404);
  }

  @Test
  void aTableWithoutNamesIsToldToNameTheColumnsThatItCannotLeaveOut() {
    Exchange refused = put("", "text/csv;header=absent", "1,x\n2,y\n");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("'f1' cannot be a feature", "CSV by a header");
  }

  @Test
  void aNameWithACommaCannotBeListed() {
    String body = "\"a,b\",c\n1,2\n3,4\n";
    Exchange refused = put("?except=a,b", CSV, body);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("A name with a comma cannot be listed");
    assertThat(put("?except=d", CSV, "a,c\n1,2\n3,4\n").text()).doesNotContain("cannot be listed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/csv             | a,b             | 422 | The sample has no rows",
        "text/csv             |                 | 400 | header",
        "text/csv             | x,y;1,2         | 422 | ",
        "text/plain           | a               | 415 | text/csv",
        "application/x-ndjson | [1,2]           | 201 | f1",
      })
  void aBodyThatIsNoTableIsRefused(String type, String body, int status, String says) {
    Exchange answer =
        put("", type, body == null ? "" : body.replace(';', '\n').replace("x,y", "x,x"));
    assertThat(answer.status()).isEqualTo(status);
    if (says != null) {
      assertThat(answer.text()).contains(says);
    }
  }

  @Test
  void linesOfJsonDefineByTheirMembers() {
    String lines =
        """
        {"id":"r0","a":1.5,"ok":true}
        {"id":"r1","b":2,"ok":false}
        """;
    Exchange made = put("", "application/x-jsonlines", lines);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.at("/definition/features/0/name")).isEqualTo("a");
    assertThat(made.at("/definition/features/1/name")).isEqualTo("ok");
    assertThat(made.at("/definition/features/2/name")).isEqualTo("b");
    assertThat(made.at("/definition/missing")).isEqualTo("ignore");
    assertThat(post(":normalize?mode=training", "application/x-jsonlines", lines).status())
        .isEqualTo(200);
  }

  /// 1.5, -2, NaN, 0.25, -0, 1024: three rows of two numbers.
  @Test
  void anArrayDefinesAsManyFeaturesAsItHasColumns() {
    Exchange made = put("", "application/x-npy", NpyFiles.read("f8.npy"));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.at("/definition/features/0/name")).isEqualTo("f0");
    assertThat(made.at("/definition/features/1/name")).isEqualTo("f1");
    assertThat(made.at("/definition/missing")).isEqualTo("ignore");
    assertThat(made.at("/columns/1")).isEqualTo("{\"name\":\"f1\",\"taken\":true}");
  }

  @Test
  void rowsBehindTheTenThousandthAreNotRead() {
    String rows =
        IntStream.range(0, 10_000).mapToObj(i -> i + "," + i).collect(Collectors.joining("\n"));
    Exchange made = put("", CSV, "a,b\n" + rows + "\nx,y\n");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.at("/definition/missing")).isEqualTo("reject");
  }
}
