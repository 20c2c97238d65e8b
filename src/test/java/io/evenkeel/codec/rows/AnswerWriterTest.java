package io.evenkeel.codec.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.admission.AdmittedBatch.SkippedRow;
import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.npy.NpyFiles;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.Random;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Answers in each media type, as section 2 of the HTTP contract shows them.
class AnswerWriterTest {
  private static final double NAN = Double.NaN;

  private static NormalizerDefinition definition(String... features) {
    return Definitions.named(MissingValues.IGNORE, features);
  }

  private static BatchAnswer answer(
      NormalizerDefinition definition, List<SkippedRow> skipped, double... values) {
    return new BatchAnswer(
        new NormalizerName("payments"),
        Mode.TRAINING,
        BatchOutcome.APPLIED,
        8,
        OptionalLong.empty(),
        definition.features(),
        values.length / definition.features().size(),
        values,
        skipped);
  }

  /// Rows of numbers are written several at a time: 512 numbers or one row.
  @ParameterizedTest
  @CsvSource({"1, 1300", "3, 400", "64, 17", "511, 3", "600, 3", "1, 0", "2, 1"})
  void rowsOfNumbersStandOneBehindTheOther(int features, int rows) {
    NormalizerDefinition definition =
        Definitions.of(MissingValues.IGNORE, Features.numbered(features));
    double[] values = new Random(7).doubles((long) features * rows, -3, 3).toArray();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      if (i % 5 == 3) {
        values[i * features] = NAN;
      }
      StringJoiner row = new StringJoiner(",", "[", "]");
      for (int j = 0; j < features; j++) {
        double x = values[i * features + j];
        row.add(Double.isNaN(x) ? "null" : Double.toString(x));
      }
      expected.add(row.toString());
    }
    BatchAnswer answer = answer(definition, List.of(), values);
    RowShape shape = RowShape.ofNumbers(NumberType.FLOAT64);
    assertThat(text(BatchFormat.JSON, answer, shape))
        .endsWith(",\"rows\":[" + String.join(",", expected) + "]}");
    assertThat(text(BatchFormat.NDJSON, answer, shape))
        .isEqualTo(expected.stream().map(row -> row + "\n").collect(Collectors.joining()));
  }

  private static byte[] written(BatchFormat format, BatchAnswer answer, RowShape shape) {
    return Reading.written(format.writer(answer, shape, true, true));
  }

  private static String text(BatchFormat format, BatchAnswer answer, RowShape shape) {
    return new String(written(format, answer, shape), StandardCharsets.UTF_8);
  }

  private static RowShape shape(BatchFormat format, NormalizerDefinition definition, String body) {
    return new Reading(format, definition).with(Extra.KEEP).decode(body).shape();
  }

  @Test
  void jsonRowsComeAsTheyCameArraysAsArraysAndObjectsAsObjects() {
    NormalizerDefinition ab = definition("a", "b");
    RowShape shape =
        shape(
            BatchFormat.JSON, ab, "{\"rows\": [[1, 2], {\"b\": 1, \"id\": [\"é\", 1.0]}, [3, 4]]}");
    String json = text(BatchFormat.JSON, answer(ab, List.of(), -0.7, 0.7, NAN, 1, 2, NAN), shape);
    assertThat(json)
        .isEqualTo(
            "{\"normalizer\":\"payments\",\"mode\":\"training\",\"outcome\":\"applied\",\"version\":8,"
                + "\"rows\":[[-0.7,0.7],{\"id\":[\"é\",1.0],\"a\":null,\"b\":1.0},[2.0,null]]}");
  }

  @Test
  void jsonColumnsComeAsColumns() {
    NormalizerDefinition ab = definition("a\"b", "c");
    RowShape shape =
        shape(BatchFormat.JSON, ab, "{\"columns\": {\"c\": [1, 2], \"id\": [\"p\", \"q\"]}}");
    assertThat(text(BatchFormat.JSON, answer(ab, List.of(), 1, 2, NAN, 4), shape))
        .endsWith(
            "\"version\":8,\"columns\":{\"id\":[\"p\",\"q\"],\"a\\\"b\":[1.0,null],\"c\":[2.0,4.0]}}");
  }

  @Test
  void skippedRowsAreToldAndNull() {
    NormalizerDefinition ab = definition("a", "b");
    RowShape shape = shape(BatchFormat.JSON, ab, "{\"rows\": [[1, 2], {\"a\": 3}, [4, 5]]}");
    List<SkippedRow> skipped =
        List.of(new SkippedRow(1, "out-of-range"), new SkippedRow(2, "missing-value"));
    assertThat(text(BatchFormat.JSON, answer(ab, skipped, 1, 2, NAN, NAN, NAN, NAN), shape))
        .endsWith(
            "\"skipped\":[{\"row\":1,\"code\":\"out-of-range\"},{\"row\":2,\"code\":\"missing-value\"}],"
                + "\"rows\":[[1.0,2.0],null,null]}");
  }

  @Test
  void aDuplicateTellsWhenItWasApplied() {
    NormalizerDefinition a = definition("a");
    BatchAnswer duplicate =
        new BatchAnswer(
            new NormalizerName("n"),
            Mode.TRAINING,
            BatchOutcome.DUPLICATE,
            9,
            OptionalLong.of(4),
            a.features(),
            0,
            new double[0],
            List.of());
    assertThat(text(BatchFormat.JSON, duplicate, RowShape.ofNumbers(NumberType.FLOAT64)))
        .isEqualTo(
            "{\"normalizer\":\"n\",\"mode\":\"training\",\"outcome\":\"duplicate\",\"version\":9,"
                + "\"appliedVersion\":4,\"rows\":[]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true|;|,|UTF-8|`\"id;\";a;é\\n\" x\";1,5;-0,25\\n1,5;;1,0E300\\n`",
        "false|,|.|UTF-8|`\" x\",1.5,-0.25\\n\"1,5\",,1.0E300\\n`",
        "true|:|.|ISO-8859-1|`id;:a:é\\n\" x\":1.5:-0.25\\n1,5::1.0E300\\n`",
        "true|;|,|UTF-16|`\ufeff\"id;\";a;é\\n\" x\";1,5;-0,25\\n1,5;;1,0E300\\n`",
        "false|;|,|UTF-16LE|`\" x\";1,5;-0,25\\n1,5;;1,0E300\\n`"
      })
  void csvIsWrittenInItsDialect(
      boolean header, char delimiter, char decimal, String charset, String expected) {
    NormalizerDefinition ae = definition("a", "é");
    RowShape shape =
        shape(BatchFormat.CSV, ae, "id;,a,é\n\" x\",1,2\n\"1,5\",3,4\n")
            .in(new CsvDialect(header, delimiter, decimal, Charset.forName(charset)));
    byte[] bytes = written(BatchFormat.CSV, answer(ae, List.of(), 1.5, -0.25, NAN, 1e300), shape);
    Charset unmarked =
        charset.equals("UTF-16") ? StandardCharsets.UTF_16BE : Charset.forName(charset);
    assertThat(new String(bytes, unmarked)).isEqualTo(expected.replace("\\n", "\n"));
  }

  /// A blank line would be no row for most readers.
  @Test
  void aMissingValueOfACsvOfOneColumnIsNoBlankLine() {
    NormalizerDefinition x = definition("x");
    RowShape shape = shape(BatchFormat.CSV, x, "x\n1\n\"\"\n");
    assertThat(text(BatchFormat.CSV, answer(x, List.of(), 1, NAN), shape))
        .isEqualTo("x\n1.0\n\"\"\n");
  }

  /// RFC 4180, 2.5 to 2.7: commas, quotes and line breaks are quoted, quotes doubled.
  @Test
  void csvComesInTheColumnsItCameIn() {
    NormalizerDefinition odd = definition("a,b", "c\"d", "e");
    RowShape shape =
        shape(
            BatchFormat.CSV,
            odd,
            "id,\"c\"\"d\",\"a,b\"\n"
                + "\"x,1\",1,2\n"
                + "\"he said \"\"hi\"\"\",3,4\n"
                + "\"two\r\n"
                + "lines\",5,6\n");
    assertThat(
            text(BatchFormat.CSV, answer(odd, List.of(), 1, 2, NAN, 3, NAN, NAN, 5, 6, NAN), shape))
        .isEqualTo(
            "id,\"c\"\"d\",\"a,b\",e\n"
                + "\"x,1\",2.0,1.0,\n"
                + "\"he said \"\"hi\"\"\",,3.0,\n"
                + "\"two\r\nlines\",6.0,5.0,\n");
  }

  @Test
  void csvOfAJsonBatchHasTheFeaturesInTheirOrder() {
    NormalizerDefinition ab = definition("a", "b");
    for (String body : List.of("{\"rows\": [[1, 2]]}", "{\"columns\": {\"b\": [1], \"z\": 7}}")) {
      assertThat(
              text(
                  BatchFormat.CSV,
                  answer(ab, List.of(), 1, NAN),
                  shape(BatchFormat.JSON, ab, body)))
          .as(body)
          .isEqualTo("a,b\n1.0,\n");
    }
  }

  /// 1.0 is 3FF0000000000000 and the quiet NaN 7FF8000000000000; as floats 3F800000 and 7FC00000.
  @Test
  void binaryNumbersAreLittleEndian() {
    NormalizerDefinition ab = definition("a", "b");
    BatchAnswer answer = answer(ab, List.of(), 1, NAN);
    assertThat(
            HexFormat.of()
                .formatHex(
                    written(BatchFormat.BINARY, answer, RowShape.ofNumbers(NumberType.FLOAT64))))
        .isEqualTo("000000000000f03f000000000000f87f");
    assertThat(
            HexFormat.of()
                .formatHex(
                    written(BatchFormat.BINARY, answer, RowShape.ofNumbers(NumberType.FLOAT32))))
        .isEqualTo("0000803f0000c07f");
  }

  @Test
  void anEmptyBatchIsAnEmptyBinaryBodyAndAHeaderAlone() {
    NormalizerDefinition a = definition("a");
    BatchAnswer empty = answer(a, List.of());
    assertThat(
            BatchFormat.BINARY
                .writer(empty, RowShape.ofNumbers(NumberType.FLOAT64), true, true)
                .hasNext())
        .isFalse();
    assertThat(text(BatchFormat.CSV, empty, RowShape.ofNumbers(NumberType.FLOAT64)))
        .isEqualTo("a\n");
  }

  /// An answer of more than one piece, read back by the reader of its media type, has the same
  /// bits. Byte for byte what `numpy.save` wrote of the same numbers:
  /// `src/test/resources/npy/arrays.py`.
  @Test
  void arraysAreWrittenAsNumpyWritesThem() {
    BatchAnswer two = answer(definition("a", "b"), List.of(), 1, -2, 0.1, NAN);
    for (NumberType type : List.of(NumberType.FLOAT64, NumberType.FLOAT32, NumberType.FLOAT16)) {
      assertThat(written(BatchFormat.NPY, two, RowShape.ofNumbers(type)))
          .as("%s", type)
          .isEqualTo(NpyFiles.read("answer-f" + type.width() + ".npy"));
    }
    RowShape vector = RowShape.ofArray(NumberType.INT32, new RowShape.ArrivedArray(2, true));
    BatchAnswer one = answer(definition("a"), List.of(), 0.1, NAN);
    assertThat(written(BatchFormat.NPY, one, vector)).isEqualTo(NpyFiles.read("answer-vector.npy"));
    assertThat(
            written(
                BatchFormat.NPY,
                answer(definition("a", "b"), List.of()),
                RowShape.ofNumbers(NumberType.FLOAT64)))
        .isEqualTo(NpyFiles.read("no-rows.npy"));
  }

  @ParameterizedTest
  @EnumSource(BatchFormat.class)
  void everyDoubleSurvivesTheWayBack(BatchFormat format) {
    Random random = new Random(7);
    NormalizerDefinition abc = definition("a", "b", "c");
    double[] values =
        random
            .longs(120_000)
            .mapToDouble(Double::longBitsToDouble)
            .map(x -> Double.isFinite(x) ? x : NAN)
            .toArray();
    double[] edges = {
      0.0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 0.1, 1e23, 2.2250738585072014e-308, NAN, -1e-5
    };
    System.arraycopy(edges, 0, values, 0, edges.length);
    BatchAnswer answer = answer(abc, List.of(), values);
    AnswerWriter writer = format.writer(answer, RowShape.ofNumbers(NumberType.FLOAT64), true, true);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int pieces = 0;
    while (writer.hasNext()) {
      ByteBuffer piece = writer.next();
      body.write(piece.array(), 0, piece.remaining());
      pieces++;
    }
    assertThat(pieces).isGreaterThan(1);
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(writer::next);
    String sent = body.toString(StandardCharsets.UTF_8);
    byte[] again =
        format == BatchFormat.JSON
            ? Reading.utf8("{" + sent.substring(sent.indexOf("\"rows\"")))
            : body.toByteArray();
    var batch = Reading.admitted(new Reading(format, abc).decode(again).batch());
    assertThat(batch.rows()).isEqualTo(40_000);
    for (int i = 0; i < values.length; i++) {
      if (Double.doubleToLongBits(batch.values()[i]) != Double.doubleToLongBits(values[i])) {
        assertThat(batch.values()[i]).as("value %d", i).isEqualTo(values[i]);
      }
    }
  }

  /// A long piece is written run by run into a buffer of the network. An array of its length, as
  /// for other pieces, has the same bytes.
  @ParameterizedTest
  @EnumSource(BatchFormat.class)
  void aLongAnswerHasTheSameBytesRunByRun(BatchFormat format) {
    double[] values = new Random(8).doubles(64_000, -3, 3).toArray();
    NormalizerDefinition wide = Definitions.of(MissingValues.IGNORE, Features.numbered(64));
    BatchAnswer answer = answer(wide, List.of(), values);
    RowShape shape = RowShape.ofNumbers(NumberType.FLOAT64);
    AnswerWriter writer = format.writer(answer, shape, true, true);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int longPieces = 0;
    while (writer.hasNext()) {
      if (writer.longPiece().isPresent()) {
        writer.next((bytes, length) -> body.write(bytes, 0, length));
        longPieces++;
      } else {
        ByteBuffer piece = writer.next();
        body.write(piece.array(), 0, piece.remaining());
      }
    }
    assertThat(longPieces).isPositive();
    assertThat(body.toByteArray()).isEqualTo(written(format, answer, shape));
  }

  /// A short piece is collected in an array of the thread, which the next one overwrites. An array
  /// of its own, as for other pieces, has the same bytes.
  @ParameterizedTest
  @EnumSource(
      value = BatchFormat.class,
      names = {"JSON", "NDJSON", "CSV"})
  void aShortAnswerHasTheSameBytesInTheArrayOfTheThread(BatchFormat format) {
    NormalizerDefinition wide = Definitions.of(MissingValues.IGNORE, Features.numbered(64));
    RowShape shape = RowShape.ofNumbers(NumberType.FLOAT64);
    for (int rows : new int[] {3, 1, 2}) { // a longer one first, whose end must not come again
      double[] values = new Random(rows).doubles(64L * rows, -3, 3).toArray();
      BatchAnswer answer = answer(wide, List.of(), values);
      AnswerWriter writer = format.writer(answer, shape, true, true);
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      while (writer.hasNext()) {
        ByteBuffer piece = writer.shortPiece().orElseThrow();
        body.write(piece.array(), piece.position(), piece.remaining());
      }
      assertThat(body.toByteArray()).isEqualTo(written(format, answer, shape));
      assertThat(writer.shortPiece()).isEmpty();
    }
  }

  @Test
  void aLongAnswerIsNoShortPiece() {
    NormalizerDefinition wide = Definitions.of(MissingValues.IGNORE, Features.numbered(64));
    BatchAnswer answer = answer(wide, List.of(), new double[64 * 100]);
    RowShape shape = RowShape.ofNumbers(NumberType.FLOAT64);
    assertThat(BatchFormat.JSON.writer(answer, shape, true, true).shortPiece()).isEmpty();
  }

  @Test
  void namesAreEscapedAsJsonAsks() {
    NormalizerDefinition odd = definition("q\"\\/\u2028é😀");
    BitSet object = new BitSet();
    object.set(0);
    RowShape shape = new RowShape(false, object, Map.of(), List.of(), NumberType.FLOAT64);
    String json = text(BatchFormat.JSON, answer(odd, List.of(), 1), shape);
    assertThat(json).endsWith("\"rows\":[{\"q\\\"\\\\/\u2028é😀\":1.0}]}");
    RowShape controls =
        new RowShape(
            false,
            object,
            Map.of(0, List.of(new RowShape.Member("\u0000\u001f\n", "1"))),
            List.of(),
            NumberType.FLOAT64);
    assertThat(text(BatchFormat.JSON, answer(odd, List.of(), 1), controls))
        .contains("{\"\\u0000\\u001f\\u000a\":1,");
  }
}
