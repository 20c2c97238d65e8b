package io.evenkeel.codec.csv;

import static io.evenkeel.codec.rows.Reading.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.evenkeel.admission.Definitions;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.npy.NpyFiles;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.OtherFormat;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.OutOfRange;
import io.evenkeel.normalizer.definition.Reception;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// CSV batches by RFC 4180 and section 2 of the HTTP contract.
class CsvBatchReaderTest {
  private final Reading twoFeatures = reading("a", "b");
  private final Reading oneFeature = reading("x");

  private static Reading reading(String... features) {
    return new Reading(BatchFormat.CSV, Definitions.named(MissingValues.IGNORE, features));
  }

  private static UnreadableBody unreadable(Reading reading, String body) {
    return catchThrowableOfType(UnreadableBody.class, () -> reading.decode(body));
  }

  @Test
  void theHeaderNamesTheFeaturesInAnyOrder() {
    assertThat(twoFeatures.rows("b,a\n10,1\n20,3\n")).isEqualTo("[[1.0, 10.0], [3.0, 20.0]]");
  }

  /// RFC 4180, 2.1 and 2.2: lines end with CRLF; the last need not.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b\n1,2\n3,4\n",
        "a,b\n1,2\n3,4",
        "a,b\r\n1,2\r\n3,4\r\n",
        "a,b\r\n1,2\r\n3,4",
        "a,b\r\n1,2\n3,4\r\n",
        "\uFEFFa,b\r\n1,2\r\n3,4\r\n",
        "\uFEFFa,b\n1,2\n3,4",
        "a,b\n\n1,2\n\r\n3,4\n\n\n",
        "\"a\",\"b\"\r\n\"1\",\"2\"\r\n3,\"4\"",
        "a,b\n 1 , 2\n3  ,   4\n",
        "a,b\n1e0,+2\n3.0,0.4e1\n"
      })
  void linesAndQuotesAreThoseOfRfc4180(String body) {
    assertThat(twoFeatures.rows(body)).isEqualTo("[[1.0, 2.0], [3.0, 4.0]]");
  }

  @Test
  void anEmptyCellIsMissing() {
    assertThat(twoFeatures.rows("a,b\n,2\n3,\n,\n\"\",  \n"))
        .isEqualTo("[[NaN, 2.0], [3.0, NaN], [NaN, NaN], [NaN, NaN]]");
  }

  @Test
  void aFeatureWithoutAColumnIsAFaultUnlessTheDefinitionAllowsIt() {
    assertThat(twoFeatures.faults("b\n2\n4\n")).containsExactly("#/header missing-column");
    assertThat(twoFeatures.with(Absent.MISSING).rows("b\n2\n4\n"))
        .isEqualTo("[[NaN, 2.0], [NaN, 4.0]]");
    assertThat(twoFeatures.with(Absent.ZERO).rows("b\n2\n4\n"))
        .isEqualTo("[[0.0, 2.0], [0.0, 4.0]]");
  }

  /// Nothing is said of the values of such a feature: neither that they are missing, nor that they
  /// are out of range.
  @Test
  void aMissingColumnIsOneFaultWithTheNearestName() {
    Feature ranged = Definitions.ranged("age", 18, 130, OutOfRange.REJECT);
    Reading strict =
        new Reading(
            BatchFormat.CSV, Definitions.of(MissingValues.REJECT, ranged, Feature.named("amount")));
    assertThat(strict.with(Extra.IGNORE).found("AGE,amount\n1,2\n3,4\n"))
        .containsExactly(
            new Fault(
                "#/header", Fault.MISSING_COLUMN, "There is no column 'age'; did you mean 'AGE'?"));
    assertThat(strict.faults("ages,amount\n1,x\n3,4\n"))
        .containsExactly(
            "#/header/0 unknown-feature", "#/header missing-column", "#/rows/0/1 not-a-number");
  }

  /// 65,536 features are absent, and none of as many names is theirs.
  @Test
  void faultsOfManyMissingColumnsCostLittle() {
    Reading wide =
        new Reading(
            BatchFormat.CSV,
            Definitions.of(
                MissingValues.IGNORE, io.evenkeel.normalizer.definition.Features.numbered(65_536)));
    String names =
        IntStream.range(0, 65_536).mapToObj(j -> "column" + j).collect(Collectors.joining(","));
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThat(wide.with(Extra.IGNORE).found(names + "\n"))
                .hasSize(100)
                .allSatisfy(fault -> assertThat(fault.code()).isEqualTo("missing-column")));
  }

  @Test
  void anEmptyLineIsAMissingValueWhereThereIsOneColumn() {
    assertThat(oneFeature.rows("x\n1\n\n3\n")).isEqualTo("[[1.0], [NaN], [3.0]]");
    assertThat(oneFeature.rows("x\n\n\n3\n\n \n\n")).isEqualTo("[[NaN], [NaN], [3.0]]");
    assertThat(oneFeature.rows("\n \nx\n\"\"\n")).isEqualTo("[[NaN]]");
  }

  @Test
  void aHeaderAloneIsABatchWithoutRows() {
    assertThat(twoFeatures.rows("a,b\n")).isEqualTo("[]");
    assertThat(twoFeatures.rows("a,b")).isEqualTo("[]");
  }

  /// RFC 4180, 2.6 and 2.7: commas, line breaks and doubled quotes inside quotes.
  @Test
  void aQuotedNameMayHoldCommasQuotesAndLineBreaks() {
    Reading odd = reading("a,\"b\"", "c\r\nd");
    assertThat(odd.rows("\"c\r\nd\",\"a,\"\"b\"\"\"\r\n1,2\r\n")).isEqualTo("[[2.0, 1.0]]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ûx", "é", "\u00bfq", "û", "\u4ffb", "\uFEFE", "😀", "\u00ef\u00bb"})
  void aNameWithoutByteOrderMarkKeepsEveryByte(String name) {
    assertThat(reading(name).rows(name + "\n1\n")).isEqualTo("[[1.0]]");
    assertThat(reading(name).rows("\uFEFF" + name + "\n1\n")).isEqualTo("[[1.0]]");
  }

  @Test
  void aSecondByteOrderMarkIsPartOfTheName() {
    assertThat(oneFeature.faults("\uFEFF\uFEFFx\n1\n"))
        .containsExactly("#/header/0 unknown-feature", "#/header missing-column");
  }

  @Test
  void aRowOfAnotherLengthSaysBothLengths() {
    assertThat(twoFeatures.faults("a,b\n1\n1,2,3\n1,2\n"))
        .containsExactly("#/rows/0 feature-count", "#/rows/1 feature-count");
    assertThat(twoFeatures.found("a,b\n1,2,3,4\n").getFirst().detail())
        .isEqualTo("The row has 4 values; the header has 2 columns.");
    assertThat(twoFeatures.found("a,b\n1,2,3\n").getFirst().detail())
        .isEqualTo(
            "The row has 3 values; the header has 2 columns. If the first are row names, give their"
                + " column a name (in R: write.csv).");
  }

  @Test
  void aColumnThatIsNoFeatureIsAFaultOfTheHeader() {
    assertThat(twoFeatures.faults("a,z,b,\n1,2,3,4\n"))
        .containsExactly("#/header/1 unknown-feature", "#/header/3 unknown-feature");
    assertThat(twoFeatures.faults("a,b,a\n1,2,3\n"))
        .containsExactly("#/header/2 duplicate-feature");
    assertThat(twoFeatures.with(Extra.IGNORE).faults("z,a,b,z\n1,2,3,4\n"))
        .containsExactly("#/header/3 duplicate-feature");
  }

  @Test
  void columnsThatAreNoFeatureAreDroppedOrKeptAsTheyCame() {
    String body = "id,b,note,a\n\"x,1\",2,\"he said \"\"hi\"\"\",1\n,4,,3\n";
    assertThat(twoFeatures.with(Extra.IGNORE).rows(body)).isEqualTo("[[1.0, 2.0], [3.0, 4.0]]");
    assertThat(twoFeatures.with(Extra.KEEP).decode(body).shape().columns())
        .containsExactly(
            new Column("id", -3, List.of("x,1", "")),
            new Column("b", 1, List.of()),
            new Column("note", -3, List.of("he said \"hi\"", "")),
            new Column("a", 0, List.of()));
  }

  @Test
  void weightsComeInTheColumnThatIsNamedForThem() {
    Reading weighted = twoFeatures.withWeightColumn("w");
    assertThat(weighted.weights("w,a,b\n2,1,1\n0.5,2,2\n")).containsExactly(2, 0.5);
    assertThat(weighted.faults("a,b\n1,1\n")).containsExactly("#/header not-null");
    assertThat(weighted.faults("w,a,b\n-1,1,1\n,1,1\n1e999,1,1\n"))
        .containsExactly("#/weights/0 negative", "#/weights/1 not-null", "#/weights/2 not-finite");
  }

  @Test
  void aWeightThatIsTextIsOneFault() {
    assertThat(twoFeatures.withWeightColumn("w").faults("w,a,b\nheavy,1,1\n2,1,1\n"))
        .containsExactly("#/weights/0 not-a-number");
  }

  @Test
  void aRowTooShortForItsWeightIsOneFault() {
    assertThat(twoFeatures.withWeightColumn("w").faults("a,b,w\n1\n1,2,3\n1,2,3,4\n"))
        .containsExactly("#/rows/0 feature-count", "#/rows/2 feature-count");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc", "NAN", "Null", "na", "tRUE", "T", "yes", "0x10", "0x1p3", "1d", "1f", "1L", "1.2.3",
        "--1", "1e", "e5", ".", "-", "+", "1 2", "1_0", "١", "=1+1", "12%", "1\t1", "1;2", "\u0000"
      })
  void textIsNoNumber(String cell) {
    assertThat(twoFeatures.faults("b,a\n1,2\n3," + cell + "\n"))
        .containsExactly("#/rows/1/0 not-a-number");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NA", "\"NA\"", " NA ", "N/A", "n/a", "#N/A", "NaN", "nan", "-nan", "null", "NULL", "None",
        "<NA>", "\\N"
      })
  void theTextsOfTheDefaultMeanAMissingValue(String cell) {
    assertThat(twoFeatures.rows("b,a\n1,2\n3," + cell + "\n"))
        .isEqualTo("[[2.0, 1.0], [NaN, 3.0]]");
  }

  @Test
  void theDefinitionSaysWhichTextsMeanAMissingValue() {
    Reception now = twoFeatures.definition().reception();
    Reading own =
        twoFeatures.received(
            new Reception(now.extra(), now.absent(), List.of("?", "-999"), now.untrained()));
    assertThat(own.rows("a,b\n?,1\n-999,2\n-999.0,\n"))
        .isEqualTo("[[NaN, 1.0], [NaN, 2.0], [-999.0, NaN]]");
    assertThat(own.faults("a,b\nNA,1\n")).containsExactly("#/rows/0/0 not-a-number");
  }

  @Test
  void aMissingValueIsRefusedWhereMissingValuesAre() {
    Reading strict = new Reading(BatchFormat.CSV, Definitions.named(MissingValues.REJECT, "x"));
    assertThat(strict.faults("x\n1\nNA\n")).containsExactly("#/rows/1/0 missing-value");
  }

  @Test
  void truthIsOneAndFalsehoodIsZero() {
    assertThat(twoFeatures.rows("a,b\ntrue,false\nTRUE,\"FALSE\"\n True , False\n"))
        .isEqualTo("[[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]");
  }

  /// A whole column of text is one fault, however long it is and whatever gaps it has.
  @Test
  void aColumnOfTextIsOneFault() {
    StringBuilder body = new StringBuilder("b,a\n");
    for (int i = 0; i < 500; i++) {
      body.append(i).append(',').append(i % 5 == 4 ? "" : "setosa").append('\n');
    }
    body.append("x,\n");
    List<Fault> found = twoFeatures.found(body.toString());
    assertThat(found.getFirst())
        .isEqualTo(
            new Fault(
                "#/header/1",
                Fault.NOT_A_NUMBER,
                "The column 'a' has 400 texts and no number. 'setosa' is not a number. If it is no"
                    + " feature, define the normalizer without it."));
    assertThat(found).hasSize(2);
    assertThat(found.getLast().pointer()).isEqualTo("#/rows/500/1");
  }

  @Test
  void textsBesideNumbersAreFaultsOfTheirRows() {
    assertThat(twoFeatures.faults("a,b\nx,1\nx,2\n3,3\nx,4\n"))
        .containsExactly(
            "#/rows/0/0 not-a-number", "#/rows/1/0 not-a-number", "#/rows/3/0 not-a-number");
    assertThat(twoFeatures.faults("a,b\nx,1\nx,2\n"))
        .containsExactly("#/rows/0/0 not-a-number", "#/rows/1/0 not-a-number");
  }

  /// The first three of a run of texts have words, and so have those behind the first number.
  @Test
  void everyTextBesideANumberCounts() {
    DecodedBatch decoded = twoFeatures.decode("a,b\nx,1\nx,2\nx,3\nx,4\nx,5\n6,6\nx,7\n");
    InvalidInput refused =
        catchThrowableOfType(InvalidInput.class, () -> Reading.admitted(decoded.batch()));
    assertThat(refused.faults().count()).isEqualTo(6);
    assertThat(refused.faults().first())
        .extracting(Fault::pointer)
        .containsExactly("#/rows/0/0", "#/rows/1/0", "#/rows/2/0", "#/rows/6/0");
  }

  /// Rows leave in batches of three; each batch tells of its own.
  @Test
  void aColumnOfTextIsOneFaultOfEachBatchOfAStream() {
    List<DecodedBatch> batches = new ArrayList<>();
    String rows = "x,1\nx,2\nx,3\n";
    DecodedBatch last =
        twoFeatures.decode(
            new Cutting.Batches(3, 1, batches::add), utf8("a,b\n" + rows + rows + "x,4\n"));
    batches.add(last);
    assertThat(batches).hasSize(3);
    assertThat(batches.stream().map(CsvBatchReaderTest::pointers))
        .containsExactly(List.of("#/header/0"), List.of("#/header/0"), List.of("#/rows/6/0"));
  }

  private static List<String> pointers(DecodedBatch decoded) {
    InvalidInput refused =
        catchThrowableOfType(InvalidInput.class, () -> Reading.admitted(decoded.batch()));
    assertThat(refused.faults().count()).isEqualTo(refused.faults().first().size());
    return refused.faults().first().stream().map(Fault::pointer).toList();
  }

  @Test
  void longTextIsNotRepeatedInFull() {
    assertThat(oneFeature.found("x\n" + "t".repeat(5000) + "\n").getFirst().detail())
        .isEqualTo("'" + "t".repeat(40) + "...' is not a number.");
    assertThat(oneFeature.found("n".repeat(5000) + "\n1\n").getFirst().detail())
        .hasSizeLessThan(200);
  }

  @ParameterizedTest
  @CsvSource({"1e999, not-finite", "-1e999, not-finite", "1e99999999999, not-finite"})
  void aNumberBeyondTheDoublesIsNotFinite(String cell, String code) {
    assertThat(oneFeature.faults("x\n" + cell + "\n")).containsExactly("#/rows/0/0 " + code);
  }

  /// `Double.parseDouble` is exact by its contract.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-0", "-0.0", "4.9e-324", "2.4703282292062328e-324", "1.7976931348623157e308",
            "9007199254740993",
        "0.1", ".5", "5.", "+1e+5", "123456789012345678901234567890", "2.2250738585072012e-308",
        "1.00000000000000011102230246251565404236316680908203126"
      })
  void everyNumberIsReadAsTheNearestDouble(String cell) {
    FeatureBatch batch = Reading.admitted(oneFeature.decode("x\n" + cell + "\n").batch());
    assertThat(Double.doubleToRawLongBits(batch.values()[0]))
        .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(cell)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a,b\\n1,\"2|2|5|inside a quoted cell",
        "a,b\\n1,2\"|2|4|write that quote twice",
        "a,b\\n1,\"2\"3|2|6|followed by a comma",
        "a,b\\n1,\"2\" 3,|2|7|followed by a comma",
        "a,b\\r1,2|1|5|followed by a line feed",
        "a,b\\n1\\r,2|2|3|followed by a line feed",
        "|1|1|no header",
        "a,b\\n\"1\\n2\",\"x|3|6|inside a quoted cell"
      })
  void whatIsNoCsvIsUnreadableWithItsPlace(String body, long line, long column, String detail) {
    UnreadableBody wrong =
        unreadable(twoFeatures, body == null ? "" : body.replace("\\n", "\n").replace("\\r", "\r"));
    assertThat(wrong).isNotNull();
    assertThat(wrong.detail()).contains(detail);
    assertThat(wrong.line()).isEqualTo(line);
    assertThat(wrong.column()).isEqualTo(column);
  }

  /// The first bytes of files that numpy, pyarrow, polars and others wrote.
  @Test
  void aFileOfAnotherFormatIsRefusedByItsName() {
    for (String line : new String(NpyFiles.read("other-formats.csv"), UTF_8).lines().toList()) {
      String[] words = line.split(";");
      byte[] head = HexFormat.of().parseHex(words[2]);
      for (Reading reading :
          List.of(
              twoFeatures,
              twoFeatures.in(CsvDialect.RFC_4180.in(StandardCharsets.ISO_8859_1)),
              twoFeatures.in(new CsvDialect(false, '\t', '.', UTF_8)))) {
        assertThatExceptionOfType(MistakenFormat.class)
            .isThrownBy(() -> reading.decode(head))
            .withMessage(OtherFormat.valueOf(words[0]).toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[1, 2]]",
        " \n[ {\"a\": 1}]",
        "{\"rows\": []}",
        "{ }",
        "[1, 2]\n[3, 4]\n",
        "[]",
        "[\"a\"]"
      })
  void jsonIsRefusedByItsName(String body) {
    assertThatExceptionOfType(MistakenFormat.class)
        .isThrownBy(() -> twoFeatures.decode(body))
        .withMessageContaining("application/json");
  }

  @Test
  void aCellHasALongestLength() {
    assertThat(unreadable(twoFeatures, "a,b\n1,\"" + "x".repeat(CsvCell.LONGEST + 1)).detail())
        .contains("longer than");
  }

  @Test
  void aHeaderHasNoMoreColumnsThanFeaturesAndExtrasCanBe() {
    String body = "z" + ",z".repeat(140_000);
    assertThat(unreadable(twoFeatures.with(Extra.IGNORE), body).detail()).contains("columns");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\uFEFFb,a\r\n\"1\",2\r\n,\"4\"\r\n",
        "b,\"a\"\n1,2\n\n3",
        "ûx,a,b\n1,2,3",
        "a,b\n1,x\n1\n,\"é€\"\n",
        "a,b\n1,\"2",
        "a,b\n1,\"2\"\"",
        "a,b\r\n1,2\r",
        "a,b\r1",
        "a,b\n\"1\"x",
        "a,b\n \"1\" ,\t2 \n\n 3, \"4\" \n\n",
        "x",
        "[a],b\n1,2",
        "[",
        "{\n",
        "a,b\nx,2\ny,3\nz,4\n1,5\nw,6",
        "a,b\ntrue,NA\n",
        "\u00ef\u00bb,a"
      })
  void aBodyIsReadTheSameHoweverItIsCutIntoChunks(String body) {
    twoFeatures.requireSameInEverySplit(utf8(body));
    twoFeatures.with(Extra.KEEP).requireSameInEverySplit(utf8(body));
  }

  @Test
  void aBodyCutOffAnywhereIsAShorterBodyOrUnreadable() {
    byte[] body = utf8("\uFEFF\"b\",a,id\r\n\"1\",2,\"q\"\"r\"\r\n3,,é\r\n");
    Reading keeping = twoFeatures.with(Extra.KEEP);
    for (int length = 0; length < body.length; length++) {
      String told = keeping.told(Arrays.copyOf(body, length));
      assertThat(told).as("cut at %d", length).isNotEmpty();
    }
  }

  @Test
  void aBodyOfAnyLengthIsTakenInPartsWithTheWeightsOfItsRows() {
    int count = 2 * RowCollector.BLOCK + 3;
    StringBuilder body = new StringBuilder("w,x\n");
    double values = 0;
    double weighted = 0;
    for (int i = 0; i < count; i++) {
      body.append(i % 3).append(',').append(i % 7).append('\n');
      values += i % 7;
      weighted += (i % 7) * (double) (i % 3);
    }
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
    Reading weightedReading = oneFeature.withWeightColumn("w").withMostNumbers(Integer.MAX_VALUE);
    DecodedBatch last = weightedReading.decode(sum, utf8(body.toString()));
    assertThat(sums[0]).as("rows handed on").isEqualTo(2.0 * RowCollector.BLOCK);
    sum.accept(last.batch());
    assertThat(sums).containsExactly(count, values, weighted);
  }

  @Test
  void anInfiniteNumberIsNotFinite() {
    assertThat(twoFeatures.faults("a,b\ninf,-inf\n1,+Inf\n-Infinity,INF\n"))
        .containsExactly(
            "#/rows/0/0 not-finite",
            "#/rows/0/1 not-finite",
            "#/rows/1/1 not-finite",
            "#/rows/2/0 not-finite",
            "#/rows/2/1 not-finite");
    assertThat(twoFeatures.faults("a,b\ninfo,1\n")).containsExactly("#/rows/0/0 not-a-number");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "points|1,000|1000",
        "points|-1,234,567|-1234567",
        "points|1,234.50|1234.50",
        "points|1 234|1234",
        "points|1'234|1234",
        "points|1\u202F234.5|1234.5",
        "semicolons|1,234,567|1234567",
        "commas|1.234,50|1234,50"
      })
  void aNumberWithThousandsSeparatorsIsTold(String kind, String cell, String number) {
    CsvDialect semicolons = CsvDialect.RFC_4180.delimitedBy(';');
    CsvDialect dialect =
        switch (kind) {
          case "points" -> CsvDialect.RFC_4180;
          case "semicolons" -> semicolons;
          default -> new CsvDialect(true, ';', ',', semicolons.charset());
        };
    assertThat(LikelyDialect.notANumber(cell, dialect))
        .isEqualTo(
            "'"
                + cell
                + "' is not a number: write it without thousands separators, as "
                + number
                + ".");
  }

  @Test
  void oneCommaBeforeThreeDigitsIsADecimalMarkIfItDelimitsNothing() {
    CsvDialect semicolons = CsvDialect.RFC_4180.delimitedBy(';');
    assertThat(LikelyDialect.notANumber("1,000", semicolons)).contains("decimal=\",\"");
    assertThat(LikelyDialect.notANumber("1,0000", CsvDialect.RFC_4180)).contains("decimal=\",\"");
    assertThat(LikelyDialect.notANumber("1 23", CsvDialect.RFC_4180))
        .isEqualTo("'1 23' is not a number.");
  }

  @Test
  void aWideRowThatIsMissingAltogetherCostsNoMoreThanABatchMay() {
    Reading wide =
        new Reading(
                BatchFormat.CSV,
                Definitions.of(
                    MissingValues.IGNORE,
                    io.evenkeel.normalizer.definition.Features.numbered(65_536)))
            .withMostNumbers(200_000);
    assertThat(wide.decode("f0\n1\n\n3\n").batch().rows()).isEqualTo(3);
    assertThatExceptionOfType(BatchTooLarge.class).isThrownBy(() -> wide.decode("f0\n1\n\n3\n4\n"));
  }
}
