package io.evenkeel.codec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.RowShape.Member;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.normalizer.definition.Extra;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies that pandas 3.0.6, Polars 1.44.2, jq 1.6 and Python's `json` wrote, by `json/rows.py`.
class JsonWritersTest {
  /// The numbers of `ROWS` in the script. Python's `repr` writes each as the same double.
  private static final String ROWS =
      "[[120.5, 31.0, 1.0, 1.5], [80.25, 9.007199254740992E15, 0.0, NaN],"
          + " [1.0E-7, -4.0, 1.0, 2.5]]";

  private static Reading reading(BatchFormat format) {
    return new Reading(
        format, Definitions.named(MissingValues.IGNORE, "amount", "count", "paid", "gap"));
  }

  static byte[] file(String name) {
    try (InputStream file = JsonWritersTest.class.getResourceAsStream("/json/" + name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String refused(BatchFormat format, String file) {
    UnreadableBody wrong =
        catchThrowableOfType(
            UnreadableBody.class, () -> reading(format).with(Extra.IGNORE).decode(file(file)));
    return wrong.detail();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pandas-records.json",
        "pandas-values.json",
        "polars.json",
        "python-columns.json",
        "python-indented.json"
      })
  void aTableAsJson(String name) {
    assertThat(reading(BatchFormat.JSON).with(Extra.KEEP).rows(file(name))).isEqualTo(ROWS);
    reading(BatchFormat.JSON).with(Extra.KEEP).requireSameInEverySplit(file(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pandas-lines.ndjson", "polars.ndjson", "jq-lines.ndjson"})
  void aTableAsLines(String name) {
    Reading keeping = reading(BatchFormat.NDJSON).with(Extra.KEEP);
    assertThat(keeping.rows(file(name))).isEqualTo(ROWS);
    assertThat(keeping.decode(file(name)).shape().extras().get(1))
        .containsExactly(new Member("id", "\"B \\\"2\\\"\""));
    keeping.requireSameInEverySplit(file(name));
    assertThat(reading(BatchFormat.NDJSON).found(file(name)))
        .extracting("pointer")
        .containsExactly("#/rows/0/id", "#/rows/1/id", "#/rows/2/id");
  }

  @Test
  void textBesideFeaturesIsNamedWithTheWaysOut() {
    assertThat(reading(BatchFormat.JSON).found(file("pandas-records.json")).getFirst().detail())
        .isEqualTo(
            "The normalizer has no feature 'id'; ?extra=ignore drops it, ?extra=keep repeats it.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JSON|pandas-split.json|an object of columns is expected, not an array",
        "JSON|pandas-split.json|to_json(orient=\"records\")",
        "JSON|pandas-default.json|to_json(orient=\"records\")",
        "JSON|python-nan.json|a missing value is null",
        "JSON|python-repr.txt|text in double quotes",
        "JSON|polars.ndjson|Bodies have no member 'id'",
        "NDJSON|python-indented.json|application/json",
        "NDJSON|jq-pretty.json|application/json",
        "NDJSON|polars.json|application/json",
        "NDJSON|pandas-values.json|application/json",
        "NDJSON|python-nan.json|application/json"
      })
  void whatCannotBeReadIsToldWithTheWayOut(BatchFormat format, String file, String told) {
    assertThat(refused(format, file)).contains(told);
  }

  @Test
  void otherFormatsSentAsJsonAreTold() {
    for (BatchFormat format : java.util.List.of(BatchFormat.JSON, BatchFormat.NDJSON)) {
      assertThat(refusal(format, "amount,count\n1,2\n")).endsWith("CSV is sent as text/csv.");
      assertThat(refusal(format, "\u0000[\u0000")).contains("UTF-16");
    }
    assertThat(refusal(BatchFormat.JSON, "{\"rows\": [[1, x]]}")).endsWith("not 'x'.");
    assertThat(refusal(BatchFormat.JSON, "{\"rows\": [[1, True]]}")).endsWith("in lower case.");
  }

  private static String refusal(BatchFormat format, String body) {
    return catchThrowableOfType(UnreadableBody.class, () -> reading(format).decode(body)).detail();
  }

  @Test
  void rowsOnOneLineAreToldOfCurl() {
    String oneLine = new String(file("jq-lines.ndjson"), java.nio.charset.StandardCharsets.UTF_8);
    UnreadableBody wrong =
        catchThrowableOfType(
            UnreadableBody.class,
            () -> reading(BatchFormat.NDJSON).with(Extra.IGNORE).decode(oneLine.replace("\n", "")));
    assertThat(wrong.detail()).contains("--data-binary");
  }

  @Test
  void aWholeBatchOnOneLineOfNdjsonIsToldApart() {
    assertThat(
            reading(BatchFormat.NDJSON)
                .with(Extra.IGNORE)
                .found("{\"rows\": [[1, 2, 3, 4]]}\n")
                .getFirst()
                .detail())
        .isEqualTo("The row is a whole batch; send it as application/json.");
  }
}
