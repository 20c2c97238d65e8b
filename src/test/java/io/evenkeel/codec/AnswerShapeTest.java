package io.evenkeel.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.arrow.ArrowStreams;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.CountedMemory;
import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.LostExtras;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Members and columns that are no feature, across formats: text stays text, and a number keeps its
/// spelling.
class AnswerShapeTest {
  private static final NormalizerDefinition AB = Definitions.named(MissingValues.IGNORE, "a", "b");

  private static final NormalizerDefinition A = Definitions.named(MissingValues.IGNORE, "a");

  private static final String CSV =
      """
      id,b,note,a
      A-17,2,"x, ""y""\",1
      007,4,,3
      1.50,6,é,5
      """;

  private static final String ROWS =
      "[{\"id\":\"A, \\\"1\\\"\",\"a\":1,\"b\":2},"
          + "[3,4],"
          + "{\"big\":12345678901234567890.50,\"a\":5,\"b\":6,\"id\":null,\"tags\":[1,\"é\"]}]";

  private static AnswerShape shapes(BatchFormat answered, NormalizerDefinition definition) {
    return new AnswerShape(answered, definition.features(), false, 1 << 20, MemoryShare.UNLIMITED);
  }

  private static AnswerShape shapes(BatchFormat answered, boolean stream) {
    return new AnswerShape(answered, AB.features(), stream, 1 << 20, MemoryShare.UNLIMITED);
  }

  private static Reading keeping(BatchFormat format) {
    return new Reading(format, AB).with(Extra.KEEP);
  }

  /// The rows of an answer whose values are those that came.
  private static String answer(BatchFormat format, DecodedBatch batch, AnswerShape shapes) {
    return answer(format, batch, shapes, true);
  }

  private static BatchAnswer answer(DecodedBatch batch) {
    return new BatchAnswer(
        new NormalizerName("n"),
        Mode.INFERENCE,
        BatchOutcome.NONE,
        1,
        OptionalLong.empty(),
        batch.batch().features() == 1 ? A.features() : AB.features(),
        batch.batch().rows(),
        batch.batch().received(),
        List.of());
  }

  private static String answer(
      BatchFormat format, DecodedBatch batch, AnswerShape shapes, boolean first) {
    BatchAnswer answer = answer(batch);
    byte[] bytes = Reading.written(format.writer(answer, shapes.fit(batch).shape(), first, true));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String answer(BatchFormat received, String body, BatchFormat answered) {
    return answer(answered, keeping(received).decode(body), shapes(answered, false));
  }

  @Test
  void cellsOfCsvAreMembersOfJsonRows() {
    String rows =
        "{\"id\":\"A-17\",\"note\":\"x, \\\"y\\\"\",\"a\":1.0,\"b\":2.0}\n"
            + "{\"id\":\"007\",\"note\":null,\"a\":3.0,\"b\":4.0}\n"
            + "{\"id\":1.50,\"note\":\"é\",\"a\":5.0,\"b\":6.0}\n";
    assertThat(answer(BatchFormat.CSV, CSV, BatchFormat.NDJSON)).isEqualTo(rows);
    assertThat(answer(BatchFormat.CSV, CSV, BatchFormat.JSON))
        .endsWith("\"rows\":[" + rows.strip().replace("\n", ",") + "]}");
  }

  @Test
  void csvWithoutOtherColumnsIsRowsOfNumbers() {
    assertThat(answer(BatchFormat.CSV, "b,a\n2,1\n", BatchFormat.NDJSON)).isEqualTo("[1.0,2.0]\n");
  }

  @Test
  void membersOfJsonRowsAreColumnsBehindTheFeatures() {
    assertThat(answer(BatchFormat.JSON, ROWS, BatchFormat.CSV))
        .isEqualTo(
            """
            a,b,id,big,tags
            1.0,2.0,"A, ""1""\",,
            3.0,4.0,,,
            5.0,6.0,,12345678901234567890.50,"[1,""é""]"
            """);
  }

  @Test
  void jsonColumnsAreColumnsBehindTheFeatures() {
    assertThat(
            answer(
                BatchFormat.JSON,
                "{\"columns\":{\"id\":[\"x,1\",null],\"b\":[2,4],\"a\":[1,3],\"n\":[1.0,[2]]}}",
                BatchFormat.CSV))
        .isEqualTo("a,b,id,n\n1.0,2.0,\"x,1\",1.0\n3.0,4.0,,[2]\n");
  }

  @Test
  void jsonColumnsAreMembersOfRowsInAStream() {
    List<DecodedBatch> batches = new ArrayList<>();
    String body = "{\"columns\":{\"id\":[\"x\",2.50,null],\"b\":[2,4,6],\"a\":[1,3,5]}}";
    DecodedBatch last =
        keeping(BatchFormat.JSON)
            .decode(new Cutting.Batches(1, 1, batches::add), Reading.utf8(body));
    batches.add(last);
    AnswerShape shapes = shapes(BatchFormat.NDJSON, true);
    StringBuilder rows = new StringBuilder();
    batches.forEach(batch -> rows.append(answer(BatchFormat.NDJSON, batch, shapes)));
    assertThat(rows.toString())
        .isEqualTo(
            """
            {"id":"x","a":1.0,"b":2.0}
            {"id":2.50,"a":3.0,"b":4.0}
            {"id":null,"a":5.0,"b":6.0}
            """);
  }

  @Test
  void jsonColumnsOfAStreamHaveAValueForEachRow() {
    List<DecodedBatch> batches = new ArrayList<>();
    String body = "{\"columns\":{\"id\":[\"x\",2,3],\"b\":[2,4],\"a\":[1,3],\"t\":\"any\"}}";
    DecodedBatch last =
        keeping(BatchFormat.JSON)
            .decode(new Cutting.Batches(9, 1, batches::add), Reading.utf8(body));
    assertThatExceptionOfType(io.evenkeel.normalizer.NormalizationException.InvalidInput.class)
        .isThrownBy(() -> Reading.admitted(last.batch()))
        .satisfies(e ->
            assertThat(e.faults().first())
                .extracting("pointer")
                .containsExactly("#/columns/id", "#/columns/t"));
  }

  /// Written by pyarrow 25.0.1, by `arrow/scalars.py`; the texts are those of its values there.
  @Test
  void columnsOfArrowAreMembersOfJsonRows() {
    Reading arrow = new Reading(BatchFormat.ARROW, A).with(Extra.KEEP);
    DecodedBatch batch = arrow.decode(ArrowStreams.python("scalars.arrows"));
    assertThat(answer(BatchFormat.NDJSON, batch, shapes(BatchFormat.NDJSON, A)))
        .isEqualTo(
            "{\"text\":\"A, 1\",\"large\":\"é\\\"\",\"view\":\"longer than twelve"
                + " bytes\",\"int8\":-1,\"uint64\":18446744073709551615,\"float32\":0.1,\"float64\":0.1,\"flag\":true,\"price\":1.50,\"day\":\"2026-11-29\",\"naive\":\"2026-11-29T12:30:00.250\",\"zoned\":\"2026-11-29T12:30:00.250Z\",\"time\":\"01:02:03\",\"nothing\":null,\"a\":1.0}\n"
                + "{\"text\":\"\",\"large\":\"x\",\"view\":\"v\",\"int8\":7,\"uint64\":0,\"float32\":null,\"float64\":1.0E300,\"flag\":false,\"price\":-0.05,\"day\":\"1969-12-31\",\"naive\":\"2026-11-29T12:30:00.250\",\"zoned\":\"2026-11-29T12:30:00.250Z\",\"time\":\"00:00\",\"nothing\":null,\"a\":2.0}\n"
                + "{\"text\":null,\"large\":null,\"view\":null,\"int8\":null,\"uint64\":null,\"float32\":null,\"float64\":null,\"flag\":null,\"price\":null,\"day\":null,\"naive\":null,\"zoned\":null,\"time\":null,\"nothing\":null,\"a\":3.0}\n");
    assertThat(answer(BatchFormat.CSV, batch, shapes(BatchFormat.CSV, A)))
        .startsWith("text,a,large,view,int8,uint64,float32,")
        .contains("\n\"A, 1\",1.0,\"é\"\"\",longer than twelve bytes,-1,18446744073709551615,0.1,")
        .endsWith("\n,3.0,,,,,,,,,,,,,\n");
  }

  @Test
  void columnsOfArrowWithoutAUsualTextAreRefused() {
    Reading arrow = new Reading(BatchFormat.ARROW, A).with(Extra.KEEP);
    DecodedBatch batch = arrow.decode(ArrowStreams.python("kept.arrows"));
    for (BatchFormat format : List.of(BatchFormat.JSON, BatchFormat.NDJSON, BatchFormat.CSV)) {
      assertThatExceptionOfType(LostExtras.class)
          .isThrownBy(() -> shapes(format, A).fit(batch))
          .withMessageContaining("'duration' has the type duration[s]")
          .withMessageContaining("?extra=ignore");
    }
  }

  private static byte[] floats(double... extras) {
    return ArrowStreams.written(
        List.of(ArrowStreams.float64("a"), ArrowStreams.float64("x"), ArrowStreams.float32("y")),
        1,
        (root, _) -> {
          for (int i = 0; i < extras.length; i++) {
            ((Float8Vector) root.getVector("a")).setSafe(i, i);
            ((Float8Vector) root.getVector("x")).setSafe(i, extras[i]);
            ((Float4Vector) root.getVector("y")).setSafe(i, (float) extras[i]);
          }
          root.setRowCount(extras.length);
        });
  }

  /// JSON has no number for it, and null would lose it.
  @Test
  void anInfiniteValueIsRefusedInJsonRowsAndKeptAsTextInCsv() {
    Reading arrow = new Reading(BatchFormat.ARROW, A).with(Extra.KEEP);
    DecodedBatch batch = arrow.decode(floats(1.5, Double.NEGATIVE_INFINITY, Double.NaN));
    for (BatchFormat format : List.of(BatchFormat.JSON, BatchFormat.NDJSON)) {
      assertThatExceptionOfType(LostExtras.class)
          .isThrownBy(() -> shapes(format, A).fit(batch))
          .withMessageContaining("'x' has an infinite value")
          .withMessageContaining("?extra=ignore");
    }
    assertThat(answer(BatchFormat.CSV, batch, shapes(BatchFormat.CSV, A)))
        .isEqualTo("a,x,y\n0.0,1.5,1.5\n1.0,-Infinity,-Infinity\n2.0,,\n");
  }

  @Test
  void numbersOfEachColumnHaveTheDecimalMarkOfTheCsv() {
    Reading arrow = new Reading(BatchFormat.ARROW, A).with(Extra.KEEP);
    CsvDialect german = new CsvDialect(true, ';', ',', StandardCharsets.UTF_8);
    DecodedBatch batch = arrow.decode(ArrowStreams.python("scalars.arrows")).in(german);
    assertThat(answer(BatchFormat.CSV, batch, shapes(BatchFormat.CSV, A)))
        .contains("A, 1;1,0;")
        .contains(";0,1;0,1;true;1,50;2026-11-29;2026-11-29T12:30:00.250;");
  }

  /// pyarrow refuses such a file, and Polars reads other categories in it.
  @Test
  void aDictionaryThatChangesIsRefusedInAFile() {
    Reading arrow = new Reading(BatchFormat.ARROW, A).with(Extra.KEEP);
    DecodedBatch batch = arrow.decode(ArrowStreams.python("replaced.arrows"));
    assertThatExceptionOfType(LostExtras.class)
        .isThrownBy(() -> shapes(BatchFormat.ARROW_FILE, A).fit(batch))
        .withMessageContaining("The dictionary of 'text' changes")
        .withMessageContaining("application/vnd.apache.arrow.stream");
    assertThat(shapes(BatchFormat.ARROW, A).fit(batch).shape()).isEqualTo(batch.shape());
  }

  @Test
  void aDictionaryThatChangesEndsAStreamThatIsAnsweredAsAFile() {
    List<DecodedBatch> batches = new ArrayList<>();
    Reading arrow = new Reading(BatchFormat.ARROW, A).with(Extra.KEEP);
    byte[] body = ArrowStreams.python("replaced.arrows");
    batches.add(arrow.decode(new Cutting.Batches(1, 1, batches::add), body));
    AnswerShape shapes =
        new AnswerShape(BatchFormat.ARROW_FILE, A.features(), true, 1 << 20, MemoryShare.UNLIMITED);
    // a batch is fitted again when its training is tried again
    shapes.fit(batches.getFirst());
    shapes.fit(batches.getFirst());
    assertThatExceptionOfType(LostExtras.class)
        .isThrownBy(() -> batches.forEach(shapes::fit))
        .withMessageContaining("changes");
  }

  private static byte[] file(byte[] body) {
    DecodedBatch batch = new Reading(BatchFormat.ARROW, A).with(Extra.KEEP).decode(body);
    return Reading.written(
        BatchFormat.ARROW_FILE.writer(
            answer(batch), shapes(BatchFormat.ARROW_FILE, A).fit(batch).shape(), true, true));
  }

  /// Some writers repeat a dictionary before each record batch.
  @Test
  void aDictionaryThatComesAgainIsInTheFileOnce() {
    byte[] body = ArrowStreams.python("delta.arrows");
    byte[] again = ArrowStreams.withMessageTwice(ArrowStreams.withMessageTwice(body, 2), 1);
    assertThat(file(again)).isEqualTo(file(body));
  }

  /// Read by Arrow's own reader.
  @ParameterizedTest
  @EnumSource(names = {"CSV", "JSON"})
  void cellsAndMembersAreTextsOfAnArrowAnswer(BatchFormat received) {
    DecodedBatch batch = keeping(received).decode(received == BatchFormat.CSV ? CSV : ROWS);
    BatchAnswer answer = answer(batch);
    byte[] stream =
        Reading.written(
            BatchFormat.ARROW.writer(
                answer, shapes(BatchFormat.ARROW, false).fit(batch).shape(), true, true));
    var columns = ArrowStreams.read(stream).columns();
    if (received == BatchFormat.CSV) {
      assertThat(columns.keySet()).containsExactly("id", "b", "note", "a");
      assertThat(columns.get("id")).hasToString("[A-17, 007, 1.50]");
      assertThat(columns.get("note")).hasToString("[x, \"y\", null, é]");
    } else {
      assertThat(columns.keySet()).containsExactly("a", "b", "id", "big", "tags");
      assertThat(columns.get("id")).hasToString("[A, \"1\", null, null]");
      assertThat(columns.get("big")).hasToString("[null, null, 12345678901234567890.50]");
      assertThat(columns.get("tags")).hasToString("[null, null, [1,\"é\"]]");
    }
    assertThat(columns.get("a")).hasToString("[1.0, 3.0, 5.0]");
  }

  @Test
  void aMemberThatIsNoColumnOfValuesIsRefusedWhereItWouldBeLost() {
    for (String other : List.of("\"any\"", "[1]", "[1,2,3]")) {
      String body = "{\"columns\":{\"a\":[1,3],\"b\":[2,4],\"t\":" + other + "}}";
      assertThatExceptionOfType(LostExtras.class)
          .isThrownBy(() -> answer(BatchFormat.JSON, body, BatchFormat.CSV))
          .withMessageContaining("'t'")
          .withMessageContaining("?extra=ignore");
      assertThat(answer(BatchFormat.JSON, body, BatchFormat.JSON)).contains("\"t\":" + other);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BINARY", "NPY"})
  void numbersAloneHaveNoPlaceForThem(BatchFormat numbers) {
    for (BatchFormat received : List.of(BatchFormat.JSON, BatchFormat.CSV)) {
      assertThatExceptionOfType(LostExtras.class)
          .isThrownBy(() -> answer(received, received == BatchFormat.CSV ? CSV : ROWS, numbers))
          .withMessageContaining(numbers.mediaType())
          .withMessageContaining("?extra=ignore");
    }
    assertThat(answer(BatchFormat.CSV, "a,b\n1,2\n", numbers)).isNotEmpty();
  }

  /// The header is written before the second batch comes.
  @Test
  void theFirstBatchOfAStreamDecidesTheColumns() {
    AnswerShape shapes = shapes(BatchFormat.CSV, true);
    Reading lines = keeping(BatchFormat.NDJSON);
    assertThat(
            answer(
                BatchFormat.CSV,
                lines.decode("{\"a\":1,\"b\":2,\"id\":\"x\",\"t\":1}\n[3,4]\n"),
                shapes))
        .isEqualTo("a,b,id,t\n1.0,2.0,x,1\n3.0,4.0,,\n");
    assertThat(answer(BatchFormat.CSV, lines.decode("[5,6]\n"), shapes, false))
        .isEqualTo("5.0,6.0,,\n");
    assertThat(answer(BatchFormat.CSV, lines.decode("{\"t\":2,\"a\":1,\"b\":2}\n"), shapes, false))
        .isEqualTo("1.0,2.0,,2\n");
    assertThatExceptionOfType(LostExtras.class)
        .isThrownBy(() -> shapes.fit(lines.decode("{\"a\":1,\"b\":2,\"late\":1}\n")))
        .withMessageContaining("'late'");
  }

  @Test
  void aFewMembersThatWouldBeManyCellsAreRefused() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      body.append("{\"a\":1,\"b\":2,\"x").append(i).append("\":1}\n");
    }
    DecodedBatch batch = keeping(BatchFormat.NDJSON).decode(body.toString());
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> shapes(BatchFormat.CSV, false).fit(batch));
    assertThat(shapes(BatchFormat.NDJSON, false).fit(batch).bytes()).isZero();
  }

  @Test
  void columnsMadeOfMembersAreHeldInTheMemoryOfTheRequest() {
    CountedMemory memory = new CountedMemory();
    AnswerShape shapes = new AnswerShape(BatchFormat.CSV, AB.features(), true, 1 << 20, memory);
    DecodedBatch batch =
        keeping(BatchFormat.NDJSON).decode("{\"a\":1,\"b\":2,\"x\":1}\n".repeat(1_000));
    FittedShape fitted = shapes.fit(batch);
    assertThat(memory.held()).isEqualTo(fitted.bytes()).isGreaterThan(16_000);
  }
}
