package io.evenkeel.codec.arrow;

import static io.evenkeel.codec.arrow.ArrowStreams.float32;
import static io.evenkeel.codec.arrow.ArrowStreams.float64;
import static io.evenkeel.codec.arrow.ArrowStreams.python;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.arrow.ArrowStreams.Content;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.Test;

/// Answers, read by Arrow's own reader.
class ArrowAnswerWriterTest {
  private static final double NAN = Double.NaN;

  private static Reading reading(String... features) {
    return new Reading(BatchFormat.ARROW, Definitions.named(MissingValues.IGNORE, features))
        .with(Extra.KEEP)
        .withMostNumbers(1 << 24);
  }

  private static BatchAnswer answer(Features features, double... values) {
    return new BatchAnswer(
        new NormalizerName("n"),
        Mode.INFERENCE,
        BatchOutcome.NONE,
        1,
        OptionalLong.empty(),
        features,
        values.length / features.size(),
        values,
        List.of());
  }

  private static List<byte[]> pieces(BatchAnswer answer, RowShape shape) {
    List<byte[]> pieces = new ArrayList<>();
    BatchFormat.ARROW
        .writer(answer, shape, true, true)
        .forEachRemaining(piece -> pieces.add(Arrays.copyOf(piece.array(), piece.remaining())));
    return pieces;
  }

  private static byte[] written(BatchAnswer answer, RowShape shape) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    pieces(answer, shape).forEach(all::writeBytes);
    return all.toByteArray();
  }

  /// Answers a stream with the rows that it came with.
  private static Content echoed(Reading reading, byte[]... chunks) {
    DecodedBatch decoded = reading.decode(chunks);
    double[] values =
        Arrays.copyOf(
            Reading.admitted(decoded.batch()).values(),
            decoded.batch().rows() * reading.definition().features().size());
    return ArrowStreams.read(
        written(answer(reading.definition().features(), values), decoded.shape()));
  }

  @Test
  void columnsComeInTheOrderAndTypeInWhichTheyCameAndThenThoseThatDidNotCome() {
    byte[] stream = ArrowStreams.of(List.of(float32("c"), float64("a")), 2, 0.1, 1, NAN, 2, 3, NAN);
    Reading two = reading("a", "c");
    RowShape shape = two.decode(stream).shape();
    Features four = Definitions.named(MissingValues.IGNORE, "a", "c", "b", "d").features();
    Content echo =
        ArrowStreams.read(
            written(answer(four, 1, 0.1, NAN, NAN, 2, NAN, NAN, NAN, NAN, 3, NAN, NAN), shape));
    assertThat(echo.fields())
        .containsExactly(float32("c"), float64("a"), float64("b"), float64("d"));
    assertThat(echo.column("c")).isEqualTo("[0.1, null, 3.0]");
    assertThat(echo.column("a")).isEqualTo("[1.0, 2.0, null]");
    assertThat(echo.column("b")).isEqualTo("[null, null, null]");
  }

  @Test
  void anotherBodyIsAnsweredByDoublesInTheOrderOfTheDefinition() {
    Reading json =
        new Reading(BatchFormat.JSON, Definitions.named(MissingValues.IGNORE, "b", "a"))
            .with(Extra.KEEP)
            .of(NumberType.FLOAT32);
    RowShape shape = json.decode("{\"rows\": [{\"a\": 1, \"id\": 7}, [2, 3]]}").shape();
    Content answer =
        ArrowStreams.read(written(answer(json.definition().features(), NAN, 1, 2, 3), shape));
    assertThat(answer.fields()).containsExactly(float64("b"), float64("a"));
    assertThat(answer.column("b")).isEqualTo("[null, 2.0]");
    assertThat(answer.column("a")).isEqualTo("[1.0, 3.0]");
  }

  @Test
  void anArrowBodyCanBeAnsweredInEveryOtherForm() {
    Reading reading = reading("a", "b", "c");
    RowShape shape = reading.decode(python("two-batches.arrows")).shape();
    BatchAnswer answer = answer(reading.definition().features(), 1, 2, NAN);
    byte[] csv = Reading.written(BatchFormat.CSV.writer(answer, shape, true, true));
    assertThat(new String(csv, StandardCharsets.UTF_8)).isEqualTo("b,a,c\n2.0,1.0,\n");
    byte[] json = Reading.written(BatchFormat.JSON.writer(answer, shape, true, true));
    assertThat(new String(json, StandardCharsets.UTF_8)).endsWith("\"rows\":[[1.0,2.0,null]]}");
  }

  @Test
  void anAnswerWithoutRowsIsASchemaAndTheEnd() {
    Features features = Features.numbered(2);
    byte[] answer = written(answer(features), RowShape.ofNumbers(NumberType.FLOAT64));
    Content content = ArrowStreams.read(answer);
    assertThat(content.fields()).containsExactly(float64("f0"), float64("f1"));
    assertThat(content.batches()).isZero();
    assertThat(answer).endsWith(-1, -1, -1, -1, 0, 0, 0, 0);
  }

  @Test
  void aNullStillHasTheNaNInItsPlace() {
    byte[] answer =
        written(answer(Features.numbered(1), 1, NAN), RowShape.ofNumbers(NumberType.FLOAT64));
    byte[] values = Arrays.copyOfRange(answer, answer.length - 24, answer.length - 8);
    assertThat(HexFormat.of().formatHex(values)).isEqualTo("000000000000f03f000000000000f87f");
  }

  @Test
  void aLargeAnswerComesInPiecesOfSomeHundredKilobytes() {
    double[] values = new double[1_000_000];
    List<byte[]> pieces =
        pieces(answer(Features.numbered(64), values), RowShape.ofNumbers(NumberType.FLOAT64));
    assertThat(pieces).hasSizeGreaterThan(10);
    assertThat(pieces.subList(0, pieces.size() - 1))
        .allSatisfy(piece -> assertThat(piece.length).isBetween(1 << 16, 1 << 20));
  }

  @Test
  void theWidestAnswerHasAFewRowsInEachRecordBatch() {
    int features = Features.MOST;
    byte[] stream =
        written(
            answer(Features.numbered(features), new double[features * 40]),
            RowShape.ofNumbers(NumberType.FLOAT64));
    Content content = ArrowStreams.read(stream);
    assertThat(content.batches()).isEqualTo(3);
    assertThat(Objects.requireNonNull(content.columns().get("f65535"))).hasSize(40);
    assertThat(stream.length).isLessThan(2 * features * 40 * 8);
  }

  /// 22 types of pyarrow's, in two batches.
  @Test
  void columnsAreKeptAsTheyCame() {
    byte[] stream = python("kept.arrows");
    Content came = ArrowStreams.read(stream);
    Content echo = echoed(reading("a"), stream);
    assertThat(echo.fields()).isEqualTo(came.fields());
    assertThat(echo.fields().get(3).getMetadata()).containsEntry("unit", "m");
    came.columns()
        .forEach((name, values) ->
            assertThat(echo.columns().get(name)).as(name).isEqualTo(values).hasSize(15));
    assertThat(came.column("utf8")).startsWith("[, é, éé, null, éééé");
  }

  @Test
  void columnsAreKeptHoweverTheBodyIsCutIntoChunks() {
    byte[] stream = python("kept.arrows");
    byte[][] bytes = new byte[stream.length][];
    Arrays.setAll(bytes, i -> new byte[] {stream[i]});
    assertThat(echoed(reading("a"), bytes)).isEqualTo(echoed(reading("a"), stream));
  }

  @Test
  void keptColumnsOfASliceAreKept() {
    Content echo = echoed(reading("a"), python("slice.arrows"));
    assertThat(echo.column("id")).startsWith("[13, 14, 15").endsWith("31, 32]");
    assertThat(echo.column("a")).startsWith("[13.0, 14.0, null");
  }

  /// Texts, bits and lists that are cut where no byte ends.
  @Test
  void keptColumnsAreCutIntoTheRecordBatchesOfTheAnswer() {
    Field list =
        new Field(
            "list",
            FieldType.nullable(new ArrowType.List()),
            List.of(Field.nullable("$data$", new ArrowType.Int(32, true))));
    byte[] stream =
        ArrowStreams.written(
            List.of(
                Field.nullable("id", new ArrowType.Utf8()),
                float64("a"),
                Field.nullable("odd", new ArrowType.Bool()),
                list),
            2,
            (root, _) -> {
              int rows = 20_011;
              VarCharVector ids = (VarCharVector) root.getVector("id");
              Float8Vector values = (Float8Vector) root.getVector("a");
              BitVector odd = (BitVector) root.getVector("odd");
              UnionListWriter lists = ((ListVector) root.getVector("list")).getWriter();
              for (int i = 0; i < rows; i++) {
                if (i % 7 == 3) {
                  ids.setNull(i);
                  odd.setNull(i);
                } else {
                  ids.setSafe(
                      i, ("row " + "x".repeat(i % 50) + i).getBytes(StandardCharsets.UTF_8));
                  odd.setSafe(i, i & 1);
                }
                values.setSafe(i, i);
                lists.setPosition(i);
                lists.startList();
                for (int k = 0; k < i % 4; k++) {
                  lists.writeInt(i + k);
                }
                lists.endList();
              }
              root.setRowCount(rows);
            });
    Content came = ArrowStreams.read(stream);
    Content echo = echoed(reading("a"), stream);
    assertThat(echo.batches()).isGreaterThan(6);
    assertThat(echo.fields()).isEqualTo(came.fields());
    assertThat(echo.columns()).isEqualTo(came.columns());
  }

  @Test
  void whatIsKeptCountsAmongTheNumbersOfABatch() {
    byte[] stream = python("kept.arrows");
    Reading reading = reading("a");
    reading.withMostNumbers(stream.length).decode(stream);
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> reading.withMostNumbers(stream.length / 16).decode(stream));
  }
}
