package io.evenkeel.codec.arrow;

import static io.evenkeel.codec.arrow.ArrowStreams.float32;
import static io.evenkeel.codec.arrow.ArrowStreams.float64;
import static io.evenkeel.codec.arrow.ArrowStreams.python;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.evenkeel.admission.Definitions;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Reception;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams that pyarrow and Arrow's own Java writer have written.
class ArrowBatchReaderTest {
  private static final String TWO_BATCHES =
      "[[1.0, 0.5], [NaN, NaN], [-0.0, NaN], [NaN, 0.10000000149011612]]";

  private final Reading ab = reading("a", "b");

  private static Reading reading(String... features) {
    return new Reading(BatchFormat.ARROW, Definitions.named(MissingValues.IGNORE, features));
  }

  private static List<String> faults(Reading reading, byte[] body) {
    return reading.found(body).stream().map(f -> f.pointer() + " " + f.code()).toList();
  }

  private static void assertUnreadable(byte[] body, String sentence) {
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> reading("a", "b").decode(body))
        .satisfies(e -> {
          assertThat(e.detail()).contains(sentence).endsWith(".");
          assertThat(e.line()).isEqualTo(1);
          assertThat(e.column()).isBetween(1L, body.length + 1L);
        });
  }

  /// The values stand in streams.py; 0.1 as a float is 0.100000001490116… as a double.
  @ParameterizedTest
  @ValueSource(strings = {"two-batches.arrows", "two-batches-v4.arrows"})
  void columnsComeByNameInAnyOrderAndNullAndNaNAreMissing(String stream) {
    assertThat(ab.rows(python(stream))).isEqualTo(TWO_BATCHES);
  }

  /// Beside the nearest name; without one, the fault tells what the definition can allow.
  @Test
  void aFeatureWithoutAColumnIsAFaultUnlessTheDefinitionAllowsIt() {
    byte[] body = ArrowStreams.of(List.of(float64("b"), float64("Amount ")), 9, 1, 2, 3, 4);
    NormalizerDefinition definition = Definitions.named(MissingValues.IGNORE, "amount", "z", "b");
    Reading reject = new Reading(BatchFormat.ARROW, definition).with(Extra.IGNORE);
    assertThat(reject.found(body))
        .extracting(Fault::pointer, Fault::code, Fault::detail)
        .containsExactly(
            tuple(
                "#/header",
                "missing-column",
                "There is no column 'amount'; did you mean 'Amount '?"),
            tuple(
                "#/header",
                "missing-column",
                "There is no column 'z'. The definition's absent: missing or zero allows that."));
    assertThat(allowing(definition, Absent.MISSING).rows(body))
        .isEqualTo("[[NaN, NaN, 1.0], [NaN, NaN, 3.0]]");
    assertThat(allowing(definition, Absent.ZERO).rows(body))
        .isEqualTo("[[0.0, 0.0, 1.0], [0.0, 0.0, 3.0]]");
  }

  private static Reading allowing(NormalizerDefinition definition, Absent absent) {
    Reception reception =
        new Reception(Extra.REJECT, absent, Reception.NA, definition.reception().untrained());
    return new Reading(
            BatchFormat.ARROW,
            new NormalizerDefinition(
                definition.preset(),
                definition.features(),
                definition.averaging(),
                definition.runningVariance(),
                definition.training(),
                definition.minimumBatchRows(),
                definition.rules(),
                definition.affine(),
                reception,
                Optional.empty()))
        .with(Extra.IGNORE);
  }

  @Test
  void aFeatureInsideOfAStructIsToBeAColumn() {
    List<Fault> found = reading("a", "p").with(Extra.IGNORE).found(python("kept.arrows"));
    assertThat(found)
        .extracting(Fault::pointer, Fault::code, Fault::detail)
        .containsExactly(
            tuple(
                "#/header",
                "missing-column",
                "There is no column 'p'. The definition's absent: missing or zero allows that."),
            tuple(
                "#/header/20",
                "unknown-value",
                "The column 'struct' is a struct that holds 'p'; send its members as columns."));
  }

  /// Rows 13 to 32 of 0, 1, 2, ... with null where 3 divides the number.
  @Test
  void aSliceOfALargerTableIsReadFromWhereItBegins() {
    double[][] rows =
        Reading.matrix(
            Reading.admitted(
                reading("a").with(Extra.IGNORE).decode(python("slice.arrows")).batch()));
    assertThat(rows).hasDimensions(20, 1);
    for (int i = 0; i < 20; i++) {
      assertThat(rows[i]).containsExactly((13 + i) % 3 == 0 ? Double.NaN : 13 + i);
    }
  }

  @Test
  void aStreamWithoutRecordBatchesHasNoRows() {
    assertThat(ab.rows(python("no-batches.arrows"))).isEqualTo("[]");
  }

  @Test
  void aStreamIsReadTheSameHoweverItIsCutIntoChunks() {
    ab.requireSameInEverySplit(python("two-batches.arrows"));
    reading("a").withWeightColumn("w").requireSameInEverySplit(python("weights.arrows"));
    ab.requireSameInEverySplit(python("zstd.arrows"));
    reading("a", "b", "c", "d", "e").requireSameInEverySplit(python("wrong-types.arrows"));
    ab.requireSameInEverySplit(python("two-batches.arrow"));
    reading("a", "n").with(Extra.IGNORE).requireSameInEverySplit(python("polars-lz4.arrow"));
  }

  /// The format lets a stream end without its last eight bytes, so that one cut off behind a
  /// message is a shorter one; whether all of a body came, HTTP knows.
  @Test
  void aStreamThatIsCutOffInsideOfAMessageIsRefusedWhereItEnds() {
    byte[] whole = python("two-batches.arrows");
    int readable = 0;
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      try {
        assertThat(TWO_BATCHES).startsWith(ab.rows(cut).replaceAll("]$", ""));
        readable++;
      } catch (UnreadableBody e) {
        assertThat(e.detail())
            .isEqualTo(
                length == 0 ? "The body has no schema." : "The body ends inside of a message.");
        assertThat(e.column()).isEqualTo(length + 1);
      }
    }
    assertThat(readable).as("behind the schema and each of two batches").isEqualTo(3);
  }

  @Test
  void whatIsWrittenInAnotherWayIsRefusedInWords() {
    assertUnreadable(
        python("two-batches-legacy.arrows"), "begins with the bytes FF FF FF FF, since Arrow 0.15");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "{\"rows\": [[1, 2]]}", "a,b\n1,2\n", "        ", "\0\0\0\0\0\0\0\0"})
  void anotherFormatIsRefusedAtItsFirstByte(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> ab.decode(bytes))
        .satisfies(e -> assertThat(e.column()).isEqualTo(bytes.length < 8 ? bytes.length + 1 : 1));
  }

  /// More bytes than those of the mark tell gzip and pickle.
  @ParameterizedTest
  @CsvSource({
    "1F 8B 08 00 00 00 00 00 00 03 4B 04 00, gzip",
    "80 05 95 10 00 00 00 00 00 00 00 8C, pickle",
    "93 4E 55 4D 50 59 01 00 76 00, NumPy",
    "50 41 52 31 15 04 15 00, Parquet"
  })
  void aFormatThatCameInsteadIsNamed(String bytes, String name) {
    byte[] head = HexFormat.ofDelimiter(" ").parseHex(bytes);
    for (int length : new int[] {head.length, 300}) {
      byte[] body = Arrays.copyOf(head, length);
      assertThatExceptionOfType(MistakenFormat.class)
          .isThrownBy(() -> ab.decode(body))
          .withMessageContaining(name);
    }
    ab.requireSameInEverySplit(python("two-batches.arrows"));
  }

  @Test
  void textThatCameInsteadIsShown() {
    assertUnreadable(
        "a,b\n1,2\n3,4\n".getBytes(StandardCharsets.UTF_8),
        "begins with the text 'a,b 1,2 '; send CSV as text/csv, JSON as application/json");
    assertUnreadable("{\"a\"".getBytes(StandardCharsets.UTF_8), "begins with the text '{\"a\"'");
  }

  @Test
  void nothingMayFollowTheEnd() {
    byte[] whole = python("two-batches.arrows");
    assertUnreadable(Arrays.copyOf(whole, whole.length + 1), "Nothing may follow");
  }

  @Test
  void aStreamHasOneSchemaAndBeginsWithIt() {
    byte[] whole = python("two-batches.arrows");
    byte[] schema = python("no-batches.arrows");
    int length = schema.length - 8;
    byte[] twice = Arrays.copyOf(schema, length * 2);
    System.arraycopy(schema, 0, twice, length, length);
    assertUnreadable(twice, "The stream has a second schema; it must have one.");
    assertUnreadable(
        Arrays.copyOfRange(whole, length, whole.length), "A record batch comes before the schema.");
  }

  @Test
  void aColumnOfAnotherTypeOrThereTwiceIsAFaultOfTheHeader() {
    Reading reading = reading("a", "b", "c", "d", "e");
    assertThat(reading.found(python("wrong-types.arrows")))
        .extracting(Fault::pointer, Fault::code, Fault::detail)
        .containsExactly(
            fault(1, "unknown-value", "The column 'b' is utf8; a feature is " + NUMBERS),
            fault(
                2, "unknown-value", "The column 'c' is dictionary<utf8>; a feature is " + NUMBERS),
            fault(5, "duplicate-feature", "The column 'e' is there twice."));
  }

  private static final String NUMBERS = "numbers or booleans. Cast the column to float64.";

  private static Tuple fault(int column, String code, String detail) {
    return tuple("#/header/" + column, code, detail);
  }

  @Test
  void aColumnThatIsNoFeatureIsRefusedOrIgnored() {
    byte[] body = ArrowStreams.of(List.of(float64("x"), float64("a"), float32("y")), 9, 7, 1, 8);
    assertThat(faults(reading("a"), body))
        .containsExactly("#/header/0 unknown-feature", "#/header/2 unknown-feature");
    assertThat(reading("a").with(Extra.IGNORE).rows(body)).isEqualTo("[[1.0]]");
  }

  /// Dictionaries with their messages, views, unions, runs and list views, of which nothing is
  /// read.
  @Test
  void columnsOfEveryTypeCanBeIgnored() {
    assertThat(reading("a").with(Extra.IGNORE).rows(python("passed-over.arrows")))
        .isEqualTo("[[1.0], [NaN], [3.0], [4.0], [5.0]]");
    assertThat(reading("a").with(Extra.IGNORE).rows(python("kept.arrows")))
        .startsWith("[[0.0], [1.0]")
        .endsWith("[5.0], [6.0]]");
  }

  @Test
  void whatCannotBeKeptIsAFaultOfTheHeader() {
    List<Fault> found = reading("a").with(Extra.KEEP).found(python("passed-over.arrows"));
    assertThat(found)
        .extracting(Fault::pointer, Fault::code)
        .containsExactlyElementsOf(
            List.of(3, 4, 5, 6).stream()
                .map(j -> tuple("#/header/" + j, "unknown-value"))
                .toList());
    assertThat(found.getFirst().detail())
        .isEqualTo(
            "The column 'sparse' is union, which cannot be kept; leave it out with extra=ignore.");
  }

  @Test
  void aColumnMayHoldTheWeightsOfTheRows() {
    Reading reading = reading("a").withWeightColumn("w");
    byte[] body = python("weights.arrows");
    assertThat(Reading.admitted(reading.decode(body).batch()).weights()).containsExactly(0.25, 4);
    assertThat(reading.rows(body)).isEqualTo("[[1.0], [2.0]]");
    assertThat(faults(reading("w").withWeightColumn("v").with(Extra.IGNORE), body))
        .containsExactly("#/header not-null");
    byte[] without =
        ArrowStreams.of(List.of(float64("a"), float64("w")), 9, 1, 1, 2, Double.NaN, 3, -1);
    assertThat(faults(reading, without))
        .containsExactly("#/weights/1 not-null", "#/weights/2 negative");
    assertThat(
            reading("z")
                .with(Extra.IGNORE)
                .withWeightColumn("b")
                .found(python("wrong-types.arrows")))
        .extracting(Fault::pointer, Fault::detail)
        .contains(
            tuple(
                "#/header/1",
                "The column 'b' is utf8; weights are numbers or booleans. Cast the column to"
                    + " float64."));
  }

  @Test
  void aValueIsPointedAtByItsRowInTheStreamAndItsFeatureInTheDefinition() {
    double huge = Double.POSITIVE_INFINITY;
    byte[] body =
        ArrowStreams.of(List.of(float64("b"), float32("a")), 2, 1, 1, 1, 1, 1, huge, -huge, 1);
    assertThat(faults(ab, body)).containsExactly("#/rows/2/0 not-finite", "#/rows/3/1 not-finite");
  }

  @Test
  void aStreamOfAnyLengthIsTakenInParts() {
    int rows = RowCollector.BLOCK / 2 + 10;
    double[] values = new double[rows * 2];
    Arrays.setAll(values, i -> i % 11);
    byte[] body = ArrowStreams.of(List.of(float64("a"), float64("b")), 50_000, values);
    double[] sum = new double[2];
    Consumer<ReceivedBatch> taken =
        part -> {
          FeatureBatch batch = Reading.admitted(part);
          for (int i = 0; i < batch.rows() * 2; i++) {
            sum[0] += batch.values()[i];
          }
          sum[1] += batch.rows();
        };
    DecodedBatch last = ab.withMostNumbers(1 << 19).decode(taken, body);
    assertThat(sum[1]).as("rows handed on").isEqualTo(RowCollector.BLOCK / 2.0);
    taken.accept(last.batch());
    assertThat(sum).containsExactly(Arrays.stream(values).sum(), rows);
  }

  @Test
  void weightsGoWithThePartsOfTheirRows() {
    int rows = RowCollector.BLOCK + 10;
    double[] values = new double[rows * 2];
    Arrays.setAll(values, i -> i % 2 == 0 ? 1 : i / 2 + 1);
    byte[] body = ArrowStreams.of(List.of(float64("a"), float64("w")), 99_991, values);
    double[] sum = new double[1];
    Consumer<ReceivedBatch> taken =
        part -> {
          FeatureBatch batch = Reading.admitted(part);
          for (int i = 0; i < batch.rows(); i++) {
            sum[0] += batch.weight(i);
          }
        };
    Reading reading = reading("a").withWeightColumn("w").withMostNumbers(1 << 20);
    taken.accept(reading.decode(taken, body).batch());
    assertThat(sum[0]).isEqualTo(rows * (rows + 1.0) / 2);
  }

  @Test
  void rowsAreHandedOnOnceTheSchemaHasCome() {
    byte[] body = python("two-batches.arrows");
    int schema = python("no-batches.arrows").length - 8;
    BatchReader reader =
        BatchFormat.ARROW.reader(
            ab.definition(), ab.options(), new Cutting.Blocks(_ -> {}), 1 << 20);
    reader.feed(body, 0, schema - 1);
    assertThat(reader.isHandingOn()).isFalse();
    reader.feed(body, schema - 1, 1);
    assertThat(reader.isHandingOn()).isTrue();
  }

  @Test
  void moreNumbersThanABatchMayHaveAreTooLarge() {
    byte[] body = ArrowStreams.of(List.of(float64("a"), float64("b")), 100, new double[2000]);
    assertThat(ab.withMostNumbers(2000).rows(body)).startsWith("[[0.0, 0.0]");
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> ab.withMostNumbers(1999).decode(body));
  }

  /// An answer would have them as they came, and then be no Arrow stream: a byte alone, half a
  /// surrogate pair, half of an é. What lies behind a null is nobody's text.
  @Test
  void aKeptTextThatIsNotUtf8IsAFaultOfItsRow() {
    byte[][] texts = {
      Reading.utf8("né\u0000"),
      {'a', (byte) 0xff},
      {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
      null,
      {(byte) 0xc3},
      {}
    };
    byte[] stream =
        ArrowStreams.written(
            List.of(ArrowStreams.float64("a"), Field.nullable("t", ArrowType.Utf8.INSTANCE)),
            1,
            (root, _) -> {
              VarCharVector column = (VarCharVector) root.getVector("t");
              for (int i = 0; i < texts.length; i++) {
                ((Float8Vector) root.getVector("a")).setSafe(i, i);
                if (texts[i] == null) {
                  column.setSafe(i, new byte[] {(byte) 0xff});
                  column.setNull(i);
                } else {
                  column.setSafe(i, texts[i]);
                }
              }
              root.setRowCount(texts.length);
            });
    Reading kept = reading("a").with(Extra.KEEP);
    assertThat(faults(kept, stream))
        .containsExactly("#/rows/1 pattern", "#/rows/2 pattern", "#/rows/4 pattern");
    assertThat(kept.found(stream).getFirst().detail()).isEqualTo("The text of 't' is not UTF-8.");
    assertThat(faults(kept.with(Extra.IGNORE), stream)).isEmpty();
  }

  /// The texts of a list, and bytes that are not said to be text.
  @Test
  void keptTextsWithinListsAreLookedAtAndBytesAreNot() {
    Field list =
        new Field(
            "list",
            FieldType.nullable(new ArrowType.List()),
            List.of(Field.nullable("$data$", ArrowType.Utf8.INSTANCE)));
    byte[] stream =
        ArrowStreams.written(
            List.of(
                ArrowStreams.float64("a"),
                list,
                Field.nullable("bytes", ArrowType.Binary.INSTANCE)),
            1,
            (root, _) -> {
              ListVector lists = (ListVector) root.getVector("list");
              VarCharVector texts = (VarCharVector) lists.getDataVector();
              for (int i = 0; i < 3; i++) {
                ((Float8Vector) root.getVector("a")).setSafe(i, i);
                ((VarBinaryVector) root.getVector("bytes")).setSafe(i, new byte[] {(byte) 0xff});
                lists.startNewValue(i);
                texts.setSafe(2 * i, Reading.utf8("é"));
                texts.setSafe(2 * i + 1, i == 1 ? new byte[] {(byte) 0xa9} : Reading.utf8("é"));
                lists.endValue(i, 2);
              }
              texts.setValueCount(6);
              root.setRowCount(3);
            });
    assertThat(faults(reading("a").with(Extra.KEEP), stream)).containsExactly("#/rows/1 pattern");
  }
}
