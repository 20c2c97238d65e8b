package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.codec.npy.NpyFiles;
import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Arrays of numpy over HTTP, and raw numbers, which must be what their sender says. The arrays are
/// those of `src/test/resources/npy/arrays.py`.
@ServiceUnderTest
class NpyHttpTest {
  private static final String NPY = "application/x-npy";
  private static final String RAW = "application/octet-stream";
  private static final String TWO = "{\"featureCount\": 2, \"missing\": \"ignore\"}";

  /// As numpy's and ours are: the fixed part and a dictionary, filled up to a multiple of 64.
  private static final int HEADER = 128;

  @Autowired private WebTestClient client;

  private Exchange.Request post(String name, String verbAndQuery, String type) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":" + verbAndQuery).as(type);
  }

  private String rows(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send().at("/rows");
  }

  /// 1.5, -2, NaN, 0.25, -0, 1024.
  private static byte[] raw(String file) {
    byte[] array = NpyFiles.read(file + ".npy");
    return Arrays.copyOfRange(array, HEADER, array.length);
  }

  private static String dictionary(byte[] array) {
    return new String(array, 10, HEADER - 10, StandardCharsets.US_ASCII).strip();
  }

  @ParameterizedTest
  @CsvSource({
    "f8, f8, float64",
    "f8-big, f8, float64",
    "f8-fortran, f8, float64",
    "f4, f4, float32",
    "f4-big-fortran, f4, float32",
    "f2, f2, float16",
    "f2-big, f2, float16"
  })
  void anArrayIsAnsweredInItsFloatTypeAsRawNumbersAre(String file, String plain, String dtype) {
    for (String mode : List.of("training", "inference")) {
      String query = "normalize?mode=" + mode + "&dtype=" + dtype + "&rows=3";
      String first = created(client, TWO);
      post(first, "observe", NPY).body(NpyFiles.read(file + ".npy")).send();
      byte[] expected = post(first, query, RAW).body(raw(plain)).send().bytes();
      String second = created(client, TWO);
      post(second, "observe?dtype=" + dtype, RAW).body(raw(plain)).send();
      Exchange answer =
          post(second, "normalize?mode=" + mode, NPY).body(NpyFiles.read(file + ".npy")).send();
      assertThat(answer.header("Content-Type")).isEqualTo(NPY);
      assertThat(dictionary(answer.bytes()))
          .isEqualTo("{'descr': '<" + plain + "', 'fortran_order': False, 'shape': (3, 2), }");
      assertThat(Arrays.copyOfRange(answer.bytes(), HEADER, answer.bytes().length))
          .as(mode)
          .isEqualTo(expected);
      assertThat(rows(second)).isEqualTo(mode.equals("training") ? "6" : "3");
    }
  }

  /// Exact by hand: 1.5 and −2 are as far from their mean, so they become 1 and −1.
  @Test
  void integersAreAnsweredAsFloat64AndAVectorAsAVector() {
    String name = created(client, TWO);
    Exchange bytes =
        post(name, "normalize?mode=training", NPY).body(NpyFiles.read("i8.npy")).send();
    assertThat(bytes.status()).isEqualTo(200);
    assertThat(dictionary(bytes.bytes())).contains("'<f8'", "(2, 2)");
    String one = created(client, "{\"featureCount\": 1, \"missing\": \"ignore\"}");
    Exchange vector =
        post(one, "normalize?mode=training", NPY).body(NpyFiles.read("vector.npy")).send();
    assertThat(dictionary(vector.bytes())).contains("(3,)");
    Exchange back =
        post(one, "normalize?mode=training", NPY)
            .with("Accept", "application/json")
            .body(NpyFiles.read("vector.npy"))
            .send();
    assertThat(back.at("/rows")).isEqualTo("[[1.0],[null],[-1.0]]");
  }

  @Test
  void anyBodyMayBeAnsweredAsAnArray() {
    String name = created(client, TWO);
    String csv = "f0,f1\n1,-2\n0.1,\n";
    String query = "normalize?mode=training";
    Exchange whole = post(name, query, "text/csv").with("Accept", NPY).body(csv).send();
    assertThat(dictionary(whole.bytes())).contains("'<f8'", "(2, 2)");
    assertThat(whole.bytes()).hasSize(HEADER + 32);
    Exchange halves =
        post(name, "normalize?dtype=float16", "text/csv").with("Accept", NPY).body(csv).send();
    assertThat(halves.bytes()).hasSize(HEADER + 8);
    assertThat(
            post(name, "normalize?batchRows=1", "text/csv")
                .with("Accept", NPY)
                .body(csv)
                .send()
                .problem())
        .isEqualTo("406 not-acceptable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"f8", "f8-fortran"})
  void anArrayIsAStreamOfBatches(String file) {
    String one = "{\"featureCount\": 2, \"missing\": \"ignore\", \"minimumBatchRows\": 1}";
    String whole = created(client, one);
    byte[] body = NpyFiles.read(file + ".npy");
    post(whole, "observe", NPY).body(body).send();
    byte[] expected = post(whole, "normalize", NPY).body(body).send().bytes();
    assertThat(post(whole, "normalize?batchRows=1", NPY).body(body).send().bytes())
        .isEqualTo(expected);
    String streamed = created(client, one);
    Exchange lines =
        post(streamed, "normalize?mode=training&batchRows=1", NPY)
            .with("Accept", "application/x-ndjson")
            .body(body)
            .send();
    assertThat(lines.text()).contains("\"summary\":{\"batches\":3,\"rows\":3,\"applied\":3");
  }

  /// The last batch is not there, those before it stay applied.
  @Test
  void aStreamThatIsCutOffEndsWithAProblem() {
    String name = created(client, "{\"featureCount\": 2, \"missing\": \"ignore\"}");
    byte[] body = NpyFiles.read("i8.npy");
    byte[] many = Arrays.copyOf(NpyFiles.read("f8.npy"), HEADER + 40);
    Exchange lines =
        post(name, "normalize?mode=training&batchRows=2", NPY)
            .with("Accept", "application/x-ndjson")
            .body(many)
            .send();
    assertThat(lines.text()).contains("\"problem\":", "cut off", "(3, 2)");
    assertThat(rows(name)).isEqualTo("2");
    assertThat(
            post(name, "observe", NPY).body(Arrays.copyOf(body, body.length - 1)).send().problem())
        .isEqualTo("400 unreadable-body");
    assertThat(rows(name)).isEqualTo("2");
  }

  @Test
  void normalisedRowsGoBack() {
    String name = created(client, TWO);
    post(name, "observe", NPY).body(NpyFiles.read("i2.npy")).send();
    post(name, "observe", NPY).body(NpyFiles.read("u1.npy")).send();
    byte[] array = NpyFiles.read("answer-f8.npy");
    byte[] normalised = post(name, "normalize", NPY).body(array).send().bytes();
    Exchange back =
        post(name, "denormalize", NPY).with("Accept", "text/csv").body(normalised).send();
    assertThat(back.text().lines().map(line -> line.split(",", -1)[0])).first().isEqualTo("f0");
    double first = Double.parseDouble(back.text().lines().toList().get(1).split(",")[0]);
    assertThat(first).isCloseTo(1, within(1e-11));
  }

  /// 65520 is the least number that rounds to an infinite float16.
  @Test
  void anAnswerThatFloat16CannotHoldIsRefused() {
    String scaled =
        "{\"featureCount\": 1, \"scale\": false, \"center\": false, \"minimumBatchRows\": 1,"
            + " \"affine\": {\"gamma\": [%s], \"beta\": [0]}}";
    byte[] one = HexFormat.of().parseHex("003c");
    String tooLarge = untrained(client, scaled.formatted("65520"));
    for (String mode : List.of("training", "inference")) {
      Exchange refused =
          post(tooLarge, "normalize?dtype=float16&mode=" + mode, RAW).body(one).send();
      assertThat(refused.problem()).isEqualTo("422 invalid-batch");
      assertThat(refused.faults()).singleElement().asString().endsWith(" overflow");
    }
    assertThat(rows(tooLarge)).isEqualTo("0");
    String largest = untrained(client, scaled.formatted("65519.9"));
    assertThat(post(largest, "normalize?dtype=float16", RAW).body(one).send().bytes())
        .isEqualTo(HexFormat.of().parseHex("ff7b"));
  }

  static List<String> otherFormats() {
    return new String(NpyFiles.read("other-formats.csv"), StandardCharsets.UTF_8).lines().toList();
  }

  @ParameterizedTest
  @MethodSource("otherFormats")
  void aFileOfAnotherFormatIsNoRawNumbers(String line) {
    String name = created(client, "{\"featureCount\": 1, \"missing\": \"ignore\"}");
    String[] words = line.split(";");
    byte[] file = HexFormat.of().parseHex(words[2]);
    for (String query : List.of("normalize?mode=training", "observe", "normalize?batchRows=1")) {
      Exchange refused = post(name, query, RAW).body(file).send();
      assertThat(refused.problem()).isEqualTo("415 unsupported-media-type");
      assertThat(refused.at("/detail")).startsWith("The body is a").contains("; ");
    }
    assertThat(rows(name)).isEqualTo("0");
  }

  @Test
  void parquetIsNoArrowStream() {
    String name = created(client, TWO);
    String parquet =
        otherFormats().stream()
            .filter(line -> line.startsWith("PARQUET"))
            .findFirst()
            .orElseThrow();
    Exchange refused =
        post(name, "observe", "application/vnd.apache.arrow.stream")
            .body(HexFormat.of().parseHex(parquet.split(";")[2]))
            .send();
    assertThat(refused.problem()).isEqualTo("415 unsupported-media-type");
    assertThat(refused.at("/detail")).contains("a Parquet file");
  }

  @Test
  void theNumberOfRowsIsComparedWithTheLength() {
    String name = untrained(client, TWO);
    ByteSink numbers = new ByteSink();
    numbers.doubles(new double[] {1, 2, 3, 4}, 0, 4);
    for (String query :
        List.of("normalize?mode=training", "observe?extra=reject", "denormalize?extra=reject")) {
      Exchange refused = post(name, query + "&rows=4", RAW).body(numbers.toBytes()).send();
      assertThat(refused.faults()).containsExactly("#/rows feature-count");
      assertThat(refused.text()).contains("32 bytes: 2 rows of 2 numbers of float64", "rows=4");
    }
    assertThat(rows(name)).isEqualTo("0");
    assertThat(
            post(name, "normalize?mode=training&rows=2", RAW)
                .body(numbers.toBytes())
                .send()
                .status())
        .isEqualTo(200);
    // where the length is told, before any batch of a stream is counted
    Exchange stream =
        post(name, "normalize?mode=training&batchRows=2&rows=3", RAW)
            .with("Content-Length", "32")
            .body(numbers.toBytes())
            .send();
    assertThat(stream.problem()).isEqualTo("422 invalid-batch");
    assertThat(rows(name)).isEqualTo("2");
  }

  @ParameterizedTest
  @CsvSource({
    "rows=1, application/json",
    "rows=1, application/x-npy",
    "rows=x, application/octet-stream",
    "dtype=int32, application/json",
    "dtype=float32, application/x-npy",
    "dtype=uint8, application/octet-stream"
  })
  void whatRawNumbersNeedGoesWithThemOnly(String query, String type) {
    String name = untrained(client, TWO);
    for (String verb : List.of("normalize?", "observe?", "denormalize?")) {
      assertThat(post(name, verb + query, type).body(NpyFiles.read("f8.npy")).send().problem())
          .as(verb)
          .isEqualTo("400 bad-parameter");
    }
  }
}
