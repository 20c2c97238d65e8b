package io.evenkeel.codec.json;

import static io.evenkeel.codec.rows.Reading.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.evenkeel.admission.Definitions;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.npy.NpyFiles;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.OtherFormat;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// JSON batches as section 2 of the HTTP contract shows them, read strictly (RFC 8259).
class JsonBatchReaderTest {
  private final Reading twoFeatures = reading("a", "b");
  private final Reading oneFeature = reading("x");

  private static Reading reading(String... features) {
    return new Reading(BatchFormat.JSON, Definitions.named(MissingValues.IGNORE, features));
  }

  private static UnreadableBody unreadable(Reading reading, String body) {
    return catchThrowableOfType(UnreadableBody.class, () -> reading.decode(body));
  }

  @Test
  void rowsComeAsArraysAndAsObjectsInOneBody() {
    assertThat(
            twoFeatures.rows(
                "{\"rows\": [[1, 2], {\"b\": 4, \"a\": 3}, {\"b\": 6}, [null, -5.5]]}"))
        .isEqualTo("[[1.0, 2.0], [3.0, 4.0], [NaN, 6.0], [NaN, -5.5]]");
  }

  @Test
  void aBodyMayBeTheArrayOfRowsAlone() {
    String body = " [[1, 2], {\"b\": 4, \"a\": 3}, [true, false], {\"a\": true, \"b\": null}] ";
    String rows = "[[1.0, 2.0], [3.0, 4.0], [1.0, 0.0], [1.0, NaN]]";
    for (BodyMembers members :
        List.of(BodyMembers.BATCH, BodyMembers.OBSERVED, BodyMembers.ANSWERS)) {
      assertThat(twoFeatures.of(members).rows(body)).isEqualTo(rows);
    }
    assertThat(twoFeatures.rows("[]")).isEqualTo("[]");
    assertThat(twoFeatures.decode(body).shape().objects().stream()).containsExactly(1, 3);
    assertThat(unreadable(twoFeatures.of(BodyMembers.GRADIENTS), "[[1, 2]]")).isNotNull();
  }

  /// The pointers of RFC 6901 are relative to the body, which here is the array.
  @Test
  void theFaultsOfRowsAlonePointIntoTheArray() {
    Reading strict =
        new Reading(BatchFormat.JSON, Definitions.named(MissingValues.REJECT, "a", "b"));
    assertThat(strict.faults("[[1, null], {\"a\": 1}, [1], {\"a\": 1e999, \"b\": 2, \"x\": 0}]"))
        .containsExactly(
            "#/0/1 missing-value",
            "#/1/b missing-value",
            "#/2 feature-count",
            "#/3/x unknown-feature");
  }

  @Test
  void valuesWithoutTheArrayOfTheirRowAreShownWithIt() {
    for (String body : List.of("[1, 2, 3]", "{\"rows\": [1, 2, 3]}")) {
      assertThat(unreadable(oneFeature, body).detail())
          .isEqualTo(
              "Here a row, an array or an object, is expected, not a number. Send each value as a"
                  + " row of its own: [[1], [2], [3]].");
      assertThat(unreadable(twoFeatures, body).detail())
          .isEqualTo(
              "Here a row, an array or an object, is expected, not a number. Send a single row as"
                  + " [[1, 2]].");
    }
  }

  @Test
  void trueAndFalseAreNumbersWhereAFeatureHasOne() {
    assertThat(
            twoFeatures.rows(
                "{\"rows\": [[true, 2], {\"a\": false, \"b\": true}], \"weights\": [1, 2]}"))
        .isEqualTo("[[1.0, 2.0], [0.0, 1.0]]");
    assertThat(twoFeatures.rows("{\"columns\": {\"a\": [true, 2], \"b\": [null, false]}}"))
        .isEqualTo("[[1.0, NaN], [2.0, 0.0]]");
    for (String body :
        List.of(
            "{\"rows\": [[1, 2]], \"weights\": [true]}",
            "{\"rows\": [[1, 2]], \"bounds\": {\"min\": [true, 1]}}")) {
      assertThat(unreadable(twoFeatures, body).detail())
          .isEqualTo("Here a number or null is expected, not a boolean.");
    }
    assertThat(
            unreadable(
                twoFeatures.of(BodyMembers.GRADIENTS),
                "{\"rows\": [[1, 2]], \"outputGradients\": [[true, 2]]}"))
        .isNotNull();
  }

  @Test
  void aRowWithoutAnyFeatureIsAFaultThatNamesTheFeatureMeant() {
    Reading ignoring = twoFeatures.with(Extra.IGNORE);
    String body = "{\"rows\": [{\"a\": 1}, {\"id\": 7, \"B\": 2}, {}, {\"xyz\": 1}]}";
    assertThat(ignoring.found(body))
        .extracting(Fault::toString)
        .containsExactly(
            new Fault(
                    "#/rows/1",
                    "missing-column",
                    "No member of the row is a feature. It has 'id', 'B'. Did you mean 'b' by"
                        + " 'B'?")
                .toString(),
            new Fault(
                    "#/rows/2",
                    "missing-column",
                    "The row has no members; the features are 'a', 'b'. The definition's absent:"
                        + " missing or zero allows that.")
                .toString(),
            new Fault(
                    "#/rows/3",
                    "missing-column",
                    "No member of the row is a feature. It has 'xyz'; the features are 'a', 'b'."
                        + " The definition's absent: missing or zero allows that.")
                .toString());
    assertThat(twoFeatures.faults("[{\"z\": 1}]"))
        .containsExactly("#/0/z unknown-feature", "#/0 missing-column");
    assertThat(ignoring.with(Absent.MISSING).rows(body))
        .isEqualTo("[[1.0, NaN], [NaN, NaN], [NaN, NaN], [NaN, NaN]]");
    assertThat(ignoring.with(Absent.ZERO).rows(body))
        .isEqualTo("[[1.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]");
  }

  @Test
  void aNullIsMissingAlsoWhereAMemberLeftOutIsZero() {
    assertThat(twoFeatures.with(Absent.ZERO).rows("[{\"a\": null}, [null, 1]]"))
        .isEqualTo("[[NaN, 0.0], [NaN, 1.0]]");
  }

  @Test
  void columnsAreLaidOutAsRowsInTheOrderOfTheDefinition() {
    assertThat(twoFeatures.rows("{\"columns\": {\"b\": [10, null], \"a\": [1, 3]}}"))
        .isEqualTo("[[1.0, 10.0], [3.0, NaN]]");
  }

  @Test
  void aColumnLeftOutIsWhatTheDefinitionSays() {
    String body = "{\"columns\": {\"b\": [10, 20], \"A\": [1, 2]}}";
    Reading ignoring = twoFeatures.with(Extra.IGNORE);
    assertThat(ignoring.found(body))
        .containsExactly(
            new Fault("#/columns", "missing-column", "There is no column 'a'; did you mean 'A'?"));
    assertThat(ignoring.with(Absent.MISSING).rows(body)).isEqualTo("[[NaN, 10.0], [NaN, 20.0]]");
    assertThat(ignoring.with(Absent.ZERO).rows(body)).isEqualTo("[[0.0, 10.0], [0.0, 20.0]]");
  }

  @Test
  void anEmptyObjectOfColumnsLacksThemAll() {
    assertThat(twoFeatures.faults("{\"columns\": {}}"))
        .containsExactly("#/columns missing-column", "#/columns missing-column");
    assertThat(twoFeatures.with(Absent.ZERO).rows("{\"columns\": {}}")).isEqualTo("[]");
    assertThat(twoFeatures.rows("{\"columns\": {\"a\": [], \"b\": []}}")).isEqualTo("[]");
  }

  @Test
  void columnsOfUnequalLengthAreFaultsOfTheShorterOnes() {
    assertThat(twoFeatures.faults("{\"columns\": {\"a\": [1, 2, 3], \"b\": [1]}}"))
        .containsExactly("#/columns/b size");
    assertThat(
            twoFeatures.found("{\"columns\": {\"a\": [1, 2, 3], \"b\": [1]}}").getFirst().detail())
        .isEqualTo("The column 'b' has 1 values; the longest column has 3.");
  }

  @Test
  void aFaultInAColumnIsPointedAtByItsName() {
    Reading strict =
        new Reading(BatchFormat.JSON, Definitions.named(MissingValues.REJECT, "a/b", "c~d é"));
    assertThat(strict.faults("{\"columns\": {\"a/b\": [1, null], \"c~d é\": [1e999, 2]}}"))
        .containsExactly("#/columns/c~0d%20%C3%A9/0 not-finite", "#/columns/a~1b/1 missing-value");
  }

  @Test
  void aFaultInARowIsPointedAtByTheKeysOfThatRow() {
    Reading strict =
        new Reading(BatchFormat.JSON, Definitions.named(MissingValues.REJECT, "a", "b"));
    assertThat(
            strict.faults(
                "{\"rows\": [[1, null], {\"a\": 1}, [1, 2, 3], {\"a\": 1e999, \"b\": 2}]}"))
        .containsExactly(
            "#/rows/0/1 missing-value",
            "#/rows/1/b missing-value",
            "#/rows/2 feature-count",
            "#/rows/3/a not-finite");
  }

  @Test
  void aRowOfAnotherLengthSaysBothLengths() {
    assertThat(twoFeatures.found("{\"rows\": [[1], [1, 2, 3], []]}"))
        .extracting("detail")
        .containsExactly(
            "The row has 1 values; the normalizer has 2 features.",
            "The row has 3 values; the normalizer has 2 features.",
            "The row has 0 values; the normalizer has 2 features.");
  }

  @Test
  void weightsMayComeBeforeAndBehindTheRows() {
    assertThat(oneFeature.weights("{\"weights\": [1, 0.5], \"rows\": [[1], [2]]}"))
        .containsExactly(1, 0.5);
    assertThat(oneFeature.weights("{\"rows\": [[1], [2]], \"weights\": [2, 0]}"))
        .containsExactly(2, 0);
    assertThat(oneFeature.weights("{\"rows\": [[1], [2]], \"weights\": null}"))
        .containsExactly(1, 1);
    assertThat(oneFeature.weights("{\"columns\": {\"x\": [1, 2]}, \"weights\": [3, 4]}"))
        .containsExactly(3, 4);
  }

  @Test
  void aWeightIsThereForEachRowFiniteAndNotNegative() {
    assertThat(oneFeature.faults("{\"rows\": [[1], [2]], \"weights\": [1]}"))
        .containsExactly("#/weights size");
    assertThat(oneFeature.faults("{\"rows\": [[1], [2], [3]], \"weights\": [-1, 1e999, null]}"))
        .containsExactly("#/weights/0 negative", "#/weights/1 not-finite", "#/weights/2 not-null");
  }

  @Test
  void boundsNarrowTheRangeOfThisBatch() {
    String body =
        "{\"rows\": [[1, 5], [11, -1]], \"bounds\": {\"min\": [0, null], \"max\": [10, 4]}}";
    assertThat(twoFeatures.faults(body))
        .containsExactly("#/rows/0/1 out-of-range", "#/rows/1/0 out-of-range");
    assertThat(twoFeatures.faults("{\"bounds\": null, \"rows\": [[11, 0]]}")).isEmpty();
    assertThat(twoFeatures.faults("{\"bounds\": {}, \"rows\": [[11, 0]]}")).isEmpty();
    assertThat(
            twoFeatures.faults(
                "{\"bounds\": {\"min\": null, \"max\": [1, 1]}, \"rows\": [[1, 2]]}"))
        .containsExactly("#/rows/0/1 out-of-range");
  }

  @Test
  void boundsHaveAValueForEachFeatureAndMinIsNotAboveMax() {
    assertThat(twoFeatures.faults("{\"bounds\": {\"min\": [1], \"max\": [1, 2, 3]}, \"rows\": []}"))
        .containsExactly("#/bounds/min size", "#/bounds/max size");
    assertThat(twoFeatures.faults("{\"bounds\": {\"min\": [3, 1], \"max\": [2, 2]}, \"rows\": []}"))
        .containsExactly("#/bounds min-above-max");
    assertThat(twoFeatures.faults("{\"bounds\": {\"max\": [1, 1e999]}, \"rows\": []}"))
        .containsExactly("#/bounds/max/1 not-finite");
  }

  @Test
  void aBodyWithoutRowsOrColumnsLacksThem() {
    for (String body :
        List.of("{}", "{\"rows\": null}", "{\"weights\": [1]}", "{\"columns\": null}")) {
      assertThat(twoFeatures.faults(body)).as(body).contains("#/rows not-null");
    }
    assertThat(twoFeatures.rows("{\"rows\": []}")).isEqualTo("[]");
  }

  @Test
  void membersThatAreNoFeatureAreRefusedUnlessAskedFor() {
    String body =
        "{\"rows\": [{\"id\": \"x\", \"a\": 1, \"b\": 2}, {\"m/n\": {\"a\": [1]}, \"a\": 3}]}";
    assertThat(twoFeatures.faults(body))
        .containsExactly("#/rows/0/id unknown-feature", "#/rows/1/m~1n unknown-feature");
    assertThat(twoFeatures.with(Extra.IGNORE).rows(body)).isEqualTo("[[1.0, 2.0], [3.0, NaN]]");
    assertThat(twoFeatures.with(Extra.IGNORE).decode(body).shape().extras()).isEmpty();
  }

  @Test
  void membersAreKeptAsTheyCame() {
    String body =
        "{\"rows\": [{\"id\": \"q\\\"\\u00e9\\n\", \"a\": 1}, [1, 2], {\"tags\": [1.50, {\"deep\":"
            + " [true, null, -0.0, 12345678901234567890123]}], \"b\": 2}]}";
    var extras = twoFeatures.with(Extra.KEEP).decode(body).shape().extras();
    assertThat(extras.keySet()).containsExactlyInAnyOrder(0, 2);
    assertThat(extras.get(0).getFirst().name()).isEqualTo("id");
    assertThat(extras.get(0).getFirst().json()).isEqualTo("\"q\\\"\\u00e9\\n\"");
    assertThat(extras.get(2).getFirst().json())
        .isEqualTo("[1.50,{\"deep\":[true,null,-0.0,12345678901234567890123]}]");
  }

  @Test
  void anExtraColumnIsKeptWhole() {
    String body =
        "{\"columns\": {\"id\": [\"p\", \"q\"], \"a\": [1, 2], \"b\": [3, 4], \"note\": \"any\"}}";
    assertThat(twoFeatures.faults(body))
        .containsExactly("#/columns/id unknown-feature", "#/columns/note unknown-feature");
    assertThat(twoFeatures.with(Extra.KEEP).decode(body).shape().columns())
        .containsExactly(
            new RowShape.Column("id", -1, List.of("[\"p\",\"q\"]")),
            new RowShape.Column("note", -1, List.of("\"any\"")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rows\": [[1, 2]], \"rows\": [[1, 2]]}",
        "{\"rows\": [], \"columns\": {}}",
        "{\"columns\": {\"a\": []}, \"rows\": []}",
        "{\"rows\": [{\"a\": 1, \"b\": 2, \"a\": 1}]}",
        "{\"rows\": [{\"z\": 1, \"z\": 2}]}",
        "{\"columns\": {\"a\": [1], \"a\": [1]}}",
        "{\"columns\": {\"z\": 1, \"z\": 2}}",
        "{\"weights\": [1], \"weights\": [1]}",
        "{\"bounds\": {\"min\": [1, 1], \"min\": [1, 1]}}",
        "{\"row\": [[1, 2]]}",
        "{\"bounds\": {\"mean\": [1, 1]}}"
      })
  void aMemberUnknownOrTwiceIsUnreadable(String body) {
    assertThat(unreadable(twoFeatures.with(Extra.IGNORE), body)).as(body).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        ".5",
        "1.",
        "01",
        "-",
        "1e",
        "0x1",
        "1_000",
        "1d",
        "\"1\"",
        "\"NaN\"",
        "[1]",
        "{}",
        "{\"a\": 1}",
        "nul",
        "'1'",
        "1 2",
        "",
        "1,",
        "/* one */ 1",
        "# one\n1",
        "\u00a01",
        "1;"
      })
  void whatIsNoJsonNumberIsUnreadable(String value) {
    for (String body :
        List.of(
            "{\"rows\": [[" + value + ", 2]]}",
            "{\"rows\": [{\"a\": " + value + "}]}",
            "{\"columns\": {\"a\": [" + value + ", 2]}}",
            "{\"rows\": [[1, 2]], \"weights\": [" + value + ", 2]}",
            "{\"rows\": [[1, 2]], \"bounds\": {\"min\": [" + value + ", 2]}}")) {
      assertThat(unreadable(twoFeatures, body)).as(body).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rows\": [[1, 2]]} x",
        "{\"rows\": [[1, 2]]}{}",
        "{\"rows\": [[1, 2]]},",
        "{\"rows\": [[1, 2]]} 1",
        "[1]",
        "[[1, 2]",
        "1",
        "\"rows\"",
        "null",
        "",
        " ",
        "hello",
        "{\"rows\": {}}",
        "{\"rows\": 1}",
        "{\"rows\": [1, 2]}",
        "{\"rows\": [null]}",
        "{\"rows\": [[[1, 2]]]}",
        "{\"columns\": []}",
        "{\"columns\": {\"a\": 1}}",
        "{\"columns\": {\"a\": null}}",
        "{\"weights\": 1}",
        "{\"weights\": {}}",
        "{\"bounds\": []}",
        "{\"bounds\": {\"min\": 1}}",
        "{rows: []}",
        "{\"rows\": [],}",
        "{\"rows\": [[1, 2],]}",
        "{\"rows\" [[1, 2]]}",
        "\u0000",
        "{\"rows\": \u0001[]}"
      })
  void whatHasAnotherShapeIsUnreadable(String body) {
    assertThat(unreadable(twoFeatures, body)).as(body).isNotNull();
  }

  @Test
  void aByteOrderMarkAndSpaceAroundTheBodyAreAllowed() {
    assertThat(oneFeature.rows("\uFEFF \r\n\t{\"rows\": [[1]]} \n")).isEqualTo("[[1.0]]");
  }

  @Test
  void bytesThatAreNotUtf8AreUnreadable() {
    byte[] body = utf8("{\"rows\": [{\"x?\": 1}]}");
    for (int wrong : List.of(0x80, 0xC3, 0xFF, 0xF8, 0xED)) {
      body[Arrays.asList(box(body)).indexOf((byte) '?')] = (byte) wrong;
      byte[] sent = body.clone();
      assertThatExceptionOfType(UnreadableBody.class)
          .as(Integer.toHexString(wrong))
          .isThrownBy(() -> oneFeature.decode(sent));
      body = utf8("{\"rows\": [{\"x?\": 1}]}");
    }
  }

  private static Byte[] box(byte[] bytes) {
    Byte[] boxed = new Byte[bytes.length];
    Arrays.setAll(boxed, i -> bytes[i]);
    return boxed;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"rows\": [[1, oops]]}| 1",
        "{\"rows\": [\\n[1, 2],\\n[3, \"4\"]]}| 3",
        "{\"rows\": [\\n\\n\\n{\"b\": \"true\"}]}| 4",
        "{\\n\"nothing\": 1}| 2",
        "{\"rows\": [[1, 2]]}\\n\\n{}| 3",
      })
  void theLineOfWhatIsWrongIsTold(String body, long line) {
    assertThat(unreadable(twoFeatures, body.replace("\\n", "\n")).line()).isEqualTo(line);
  }

  /// Counted by hand: the quote of "4" is the 13th character of its line.
  @Test
  void theColumnOfAValueOfTheWrongTypeIsWhereItBegins() {
    UnreadableBody wrong = unreadable(twoFeatures, "{\"rows\":\n[[1, 2], [3, \"4\"]]}");
    assertThat(wrong.line()).isEqualTo(2);
    assertThat(wrong.column()).isEqualTo(14);
    assertThat(wrong.detail())
        .isEqualTo("Here a number, true, false or null is expected, not the text '4'.");
  }

  @Test
  void aBodyCutOffAnywhereIsUnreadableAndNothingElse() {
    String body =
        " {\"weights\": [1, 2.5e-3], \"bounds\": {\"min\": [null, -1], \"max\": [9e9, 7]},"
            + " \"rows\": [[1, 2], {\"b\": 4, \"\\u00e9x\": [{\"y\": \"é\\n\"}, true], \"a\":"
            + " null}]}";
    byte[] bytes = utf8(body);
    Reading keeping = twoFeatures.with(Extra.KEEP);
    assertThat(keeping.faults(body)).isEmpty();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      UnreadableBody wrong = catchThrowableOfType(UnreadableBody.class, () -> keeping.decode(cut));
      assertThat(wrong).as("cut at %d", length).isNotNull();
      assertThat(wrong.line()).isEqualTo(1);
      assertThat(wrong.column()).as("cut at %d", length).isBetween(1L, length + 2L);
      assertThat(wrong.detail())
          .doesNotContain("Exception")
          .doesNotContain("JsonParser")
          .endsWith(".");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rows\": [[1.25e-3, -2], {\"b\": 4, \"a\": null}, [12345678901234567890, 0]],"
            + " \"weights\": [1, 2, 3]}",
        "\uFEFF{\"columns\": {\"b\": [1e999, 2], \"a\": [1, 2], \"id\": [\"é\", {\"k\": null}]}}",
        "{\"rows\": [{\"a\": 1, \"\\u0061b€😀\": [1.50, \"\\\"\", {}]}, [1, 2, 3]], \"bounds\":"
            + " {\"min\": [0, null]}}",
        "\uFEFF[[true, 2], {\"a\": false, \"z\": [\"x\"]}, {\"id\": \"é\"}]",
        "[[1,2],[-3.5,4e1], [5,6] ,[7,8]]",
        "[[1,2],[3],[4,5,6],[],[7,8]]",
        "{\"rows\":[[1,2],[3,4],{\"a\":5,\"b\":6},[7,null],[8,9]],\"weights\":[1,2,3,4,5]}",
        "[[1,2],[3,4.],[5,6]]",
        "[[1,2],[3,4]",
        "[[1,2],[3,4],5]",
        "[[1, 2], [True, 3]]",
        "[[1, 2], [-Infinity, 3]]",
        "{\"rows\": [[1, 2],\n [tru, 3]]}",
        "{\"rows\": [[1, 2],\n [3, \"4\"]]}",
        "{\"rows\": [[1, 2]]}\n x",
        "{\"rows\": [[1, NaN]]}",
        "{\"rows\": [[1, 2"
      })
  void aBodyIsReadTheSameHoweverItIsCutIntoChunks(String body) {
    twoFeatures.requireSameInEverySplit(utf8(body));
    twoFeatures.with(Extra.KEEP).requireSameInEverySplit(utf8(body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1,2]\n[3,4]\n[5.5,-6]\n",
        "[1,2]\n[3]\n[4,5,6]\n[7,8]",
        "[1,2]\n[3,4]\n\n[5,x]",
        "[1,2]\n[3,4],[5,6]",
        "[1,2]\r\n[3,4]\r\n{\"a\":1,\"b\":2}\n[5,6]",
      })
  void linesAreReadTheSameHoweverTheyAreCutIntoChunks(String body) {
    new Reading(BatchFormat.NDJSON, twoFeatures.definition()).requireSameInEverySplit(utf8(body));
  }

  /// The third line is the one with the letter.
  @Test
  void linesOfNumbersAreCounted() {
    Reading lines = new Reading(BatchFormat.NDJSON, twoFeatures.definition());
    UnreadableBody wrong = unreadable(lines, "[1,2]\n[3,4]\n[5,x]");
    assertThat(wrong.line()).isEqualTo(3);
    assertThat(wrong.column()).isEqualTo(4);
  }

  /// Rows of numbers end without a look at each token, and must leave a stream like others.
  @Test
  void rowsOfNumbersLeaveAStreamInBatches() {
    List<String> batches = new ArrayList<>();
    Cutting pairs =
        new Cutting.Batches(
            2, 1, batch -> batches.add(Arrays.deepToString(Reading.matrix(admitted(batch)))));
    Reading lines = new Reading(BatchFormat.NDJSON, twoFeatures.definition());
    DecodedBatch last = lines.decode(pairs, utf8("[1,2]\n[3,4]\n[5,6]\n[7,8]\n[9,10]\n"));
    assertThat(batches).containsExactly("[[1.0, 2.0], [3.0, 4.0]]", "[[5.0, 6.0], [7.0, 8.0]]");
    assertThat(Arrays.deepToString(Reading.matrix(admitted(last)))).isEqualTo("[[9.0, 10.0]]");
  }

  private static FeatureBatch admitted(DecodedBatch batch) {
    return Reading.admitted(batch.batch());
  }

  /// `Double.parseDouble` is exact by its contract (round to nearest, ties to even).
  @Test
  void everyNumberIsReadAsTheNearestDouble() {
    Random random = new Random(20261101);
    List<String> spelled = new ArrayList<>(HARD_NUMBERS);
    for (int i = 0; i < 20_000; i++) {
      double x = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(x)) {
        spelled.add(Double.toString(x));
        if (i % 50 == 0) {
          // halfway to the next double, exactly: the hardest there is
          spelled.add(
              new BigDecimal(x)
                  .add(new BigDecimal(Math.nextUp(x)))
                  .divide(BigDecimal.TWO)
                  .toString());
        }
      }
      spelled.add(Long.toString(random.nextLong()));
    }
    spelled.removeIf(
        number -> number.length() > 1000 || Double.isInfinite(Double.parseDouble(number)));
    String body = "{\"columns\": {\"x\": [" + String.join(",", spelled) + "]}}";
    double[][] rows = Reading.matrix(Reading.admitted(oneFeature.decode(body).batch()));
    assertThat(rows).hasNumberOfRows(spelled.size());
    for (int i = 0; i < rows.length; i++) {
      assertThat(Double.doubleToRawLongBits(rows[i][0]))
          .as(spelled.get(i))
          .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(spelled.get(i))));
    }
  }

  private static final List<String> HARD_NUMBERS =
      List.of(
          "0",
          "-0.0",
          "0e0",
          "-0e-5",
          "0.0000",
          "1e-400",
          "-1e-400",
          "4.9e-324",
          "2.4703282292062327e-324",
          "2.4703282292062328e-324",
          "2.2250738585072012e-308",
          "2.2250738585072014e-308",
          "1.7976931348623157e308",
          "9007199254740993",
          "9007199254740992.5",
          "-9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "-9223372036854775809",
          "18446744073709551615",
          "123456789012345678901234567890",
          "1" + "0".repeat(300),
          "0." + "0".repeat(300) + "1",
          "1e+5",
          "1E5",
          "1e-05",
          "6.02214076e23",
          "0.1",
          "0.30000000000000004",
          "1e0000000000000000005",
          "8.5",
          "7.2057594037927933e16",
          "5e-324",
          "3e-324",
          "1.00000000000000011102230246251565404236316680908203125",
          "1.00000000000000011102230246251565404236316680908203124",
          "1.00000000000000011102230246251565404236316680908203126");

  @Test
  void aNumberBeyondTheDoublesIsNotFinite() {
    for (String number :
        List.of(
            "1e999", "-1e999", "1e99999999999", "1" + "0".repeat(400), "1.7976931348623159e308")) {
      assertThat(oneFeature.faults("{\"rows\": [[" + number + "]]}"))
          .as(number)
          .containsExactly("#/rows/0/0 not-finite");
    }
  }

  @Test
  void aNumberBeyondTheDoublesIsKeptInAnExtraAsItCame() {
    String body = "{\"rows\": [{\"id\": 1e99999999999, \"big\": 1e999, \"x\": 1}]}";
    List<RowShape.Member> kept = oneFeature.with(Extra.KEEP).decode(body).shape().extras().get(0);
    assertThat(kept).extracting(RowShape.Member::json).containsExactly("1e99999999999", "1e999");
  }

  @Test
  void nestingNamesAndStringsHaveALimit() {
    Reading ignoring = oneFeature.with(Extra.IGNORE);
    String deep = "[".repeat(100_000);
    for (String body :
        List.of(
            "{\"rows\": [{\"z\": " + deep,
            deep,
            "{\"rows\": [{\"" + "n".repeat(100_000) + "\": 1}]}",
            "{\"rows\": [{\"z\": \"" + "s".repeat(2_000_000) + "\"}]}",
            "{\"rows\": [[1" + "0".repeat(2000) + "]]}")) {
      UnreadableBody wrong = unreadable(ignoring, body);
      assertThat(wrong).isNotNull();
      assertThat(wrong.detail()).hasSizeLessThan(200).doesNotContain("Constraint");
    }
  }

  @Test
  void anUnknownMembersLongNameIsNotRepeatedInFull() {
    String name = "n".repeat(40_000);
    assertThat(oneFeature.found("{\"rows\": [{\"" + name + "\": 1}]}").getFirst().detail())
        .hasSizeLessThan(300);
    assertThat(unreadable(oneFeature, "{\"" + name + "\": 1}").detail()).hasSizeLessThan(300);
    assertThat(
            unreadable(oneFeature, "{\"rows\": [[1]], \"bounds\": {\"" + name + "\": 1}}").detail())
        .hasSizeLessThan(300);
  }

  @Test
  void halfASurrogatePairInAnExtraIsNoFailure() {
    for (String body :
        List.of(
            "{\"rows\": [{\"z\": \"\\ud800\", \"x\": 1}]}",
            "{\"rows\": [{\"\\udc00\": 1, \"x\": 1}]}")) {
      String told = oneFeature.with(Extra.KEEP).told(utf8(body));
      assertThat(told).as(body).isNotEmpty();
    }
  }

  @Test
  void aWideRowThatIsMissingAltogetherCostsNoMoreThanABatchMay() {
    NormalizerDefinition wide =
        Definitions.of(
            MissingValues.IGNORE, io.evenkeel.normalizer.definition.Features.numbered(65_536));
    Reading reading =
        new Reading(BatchFormat.JSON, wide).with(Absent.MISSING).withMostNumbers(200_000);
    assertThat(reading.decode("{\"rows\": [{}, {}, {}]}").batch().rows()).isEqualTo(3);
    for (String rows :
        List.of(
            "{\"rows\": [{}, {}, {}, {}]}",
            "{\"rows\": [[], [], [], []]}",
            "{\"columns\": {\"f7\": [1, 2, 3, 4]}}")) {
      assertThatExceptionOfType(BatchTooLarge.class)
          .as(rows)
          .isThrownBy(() -> reading.decode(rows))
          .withMessageContaining("200000");
    }
  }

  @Test
  void aBodyOfAnyLengthIsTakenInPartsWithTheWeightsOfItsRows() {
    int count = 2 * RowCollector.BLOCK + 3;
    StringBuilder body = new StringBuilder("{\"weights\": [");
    for (int i = 0; i < count; i++) {
      body.append(i == 0 ? "" : ",").append(i % 3);
    }
    body.append("], \"rows\": [");
    for (int i = 0; i < count; i++) {
      body.append(i == 0 ? "[" : ",[").append(i % 7).append(']');
    }
    body.append("]}");
    double[] sums = new double[3];
    Consumer<ReceivedBatch> sum =
        part -> {
          FeatureBatch batch = Reading.admitted(part);
          for (int i = 0; i < batch.rows(); i++) {
            sums[0]++;
            sums[1] += batch.values()[i];
            sums[2] += batch.values()[i] * batch.weight(i);
          }
        };
    DecodedBatch last =
        oneFeature.withMostNumbers(Integer.MAX_VALUE).decode(sum, utf8(body.toString()));
    assertThat(sums[0]).as("rows handed on").isEqualTo(2.0 * RowCollector.BLOCK);
    sum.accept(last.batch());
    double values = 0;
    double weighted = 0;
    for (int i = 0; i < count; i++) {
      values += i % 7;
      weighted += (i % 7) * (double) (i % 3);
    }
    assertThat(sums).containsExactly(count, values, weighted);
  }

  @Test
  void weightsBehindRowsThatAreGoneAreUnreadable() {
    StringBuilder body = new StringBuilder("{\"rows\": [[0]");
    body.repeat(",[1]", RowCollector.BLOCK + 1);
    body.append("], \"weights\": []}");
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() ->
            oneFeature.withMostNumbers(Integer.MAX_VALUE).decode(_ -> {}, utf8(body.toString())))
        .withMessageContaining("The member 'weights' follows the rows");
  }

  @Test
  void aBodyOfAnotherFormatIsRefusedByItsName() {
    Reading lines = new Reading(BatchFormat.NDJSON, twoFeatures.definition());
    for (String line : new String(NpyFiles.read("other-formats.csv"), UTF_8).lines().toList()) {
      String[] words = line.split(";");
      byte[] body = HexFormat.of().parseHex(words[2]);
      for (Reading reading : List.of(twoFeatures, lines)) {
        assertThatExceptionOfType(MistakenFormat.class)
            .isThrownBy(() -> reading.decode(body))
            .withMessage(OtherFormat.valueOf(words[0]).toString());
        assertThatExceptionOfType(UnreadableBody.class)
            .as("too few bytes to tell")
            .isThrownBy(() -> reading.decode(Arrays.copyOf(body, 3)));
      }
    }
  }

  @Test
  void aFaultFarIntoABodyTakenInPartsIsCountedOverTheWhole() {
    StringBuilder body = new StringBuilder("{\"rows\": [[0]");
    body.repeat(",[1]", RowCollector.BLOCK);
    body.append(",{\"x\": 1e999}]}");
    DecodedBatch last =
        oneFeature.withMostNumbers(Integer.MAX_VALUE).decode(_ -> {}, utf8(body.toString()));
    assertThatExceptionOfType(io.evenkeel.normalizer.NormalizationException.InvalidInput.class)
        .isThrownBy(() -> Reading.admitted(last.batch()))
        .satisfies(e ->
            assertThat(e.faults().first().getFirst().pointer())
                .isEqualTo("#/rows/" + (RowCollector.BLOCK + 1) + "/x"));
  }
}
