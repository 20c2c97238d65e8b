package io.evenkeel.codec.arrow;

import static io.evenkeel.codec.arrow.ArrowStreams.float64;
import static io.evenkeel.codec.arrow.ArrowStreams.python;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.AnswerSeries;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.arrow.ArrowStreams.Content;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Extra;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that have the columns, types and notes that came, with the rows as they came in the
/// place of normalised ones. They are read by Arrow's own reader, and by pyarrow where it is there.
class ArrowEchoTest {
  @TempDir private Path folder;

  private static Reading reading(String... features) {
    return new Reading(BatchFormat.ARROW, Definitions.named(MissingValues.IGNORE, features))
        .with(Extra.KEEP)
        .withMostNumbers(1 << 24);
  }

  private static BatchAnswer answer(Reading reading, DecodedBatch decoded) {
    double[] values = Reading.admitted(decoded.batch()).values();
    int rows = decoded.batch().rows();
    return new BatchAnswer(
        new NormalizerName("n"),
        Mode.INFERENCE,
        BatchOutcome.NONE,
        1,
        OptionalLong.empty(),
        reading.definition().features(),
        rows,
        Arrays.copyOf(values, rows * reading.definition().features().size()),
        List.of());
  }

  private static byte[] echo(Reading reading, BatchFormat format, byte[] body) {
    DecodedBatch decoded = reading.decode(body);
    return Reading.written(format.writer(answer(reading, decoded), decoded.shape(), true, true));
  }

  private static Content echo(Reading reading, byte[] body) {
    return ArrowStreams.read(echo(reading, BatchFormat.ARROW, body));
  }

  private static void assertKept(Content echo, byte[] body) {
    Content came = ArrowStreams.read(body);
    assertThat(echo.fields()).isEqualTo(came.fields());
    assertThat(echo.notes()).isEqualTo(came.notes());
    assertThat(echo.columns()).isEqualTo(came.columns());
  }

  @Test
  void viewsAreKept() {
    byte[] body = python("views.arrows");
    assertKept(echo(reading("a"), body), body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"delta.arrows", "replaced.arrows"})
  void dictionariesAreKeptAsTheyGrowAndChange(String name) {
    byte[] body = python(name);
    Content came = ArrowStreams.read(body);
    Content echo = echo(reading("a"), body);
    assertThat(echo.fields().getFirst()).isEqualTo(float64("a"));
    assertThat(echo.columns()).isEqualTo(came.columns());
  }

  /// A stream of batches of one row: a dictionary comes once, before the first row that needs it.
  @ParameterizedTest
  @CsvSource({
    "delta.arrows,ARROW",
    "replaced.arrows,ARROW",
    "views.arrows,ARROW_FILE",
    "views.arrows,ARROW"
  })
  void whatIsKeptOfAStreamGoesWithItsRows(String name, BatchFormat format) {
    Reading reading = reading("a");
    byte[] body = python(name);
    AnswerSeries series = format.series();
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    DecodedBatch last =
        reading.decode(
            new Cutting.Batches(
                1,
                1,
                batch ->
                    answers.writeBytes(
                        Reading.written(series.next(answer(reading, batch), batch.shape())))),
            body);
    answers.writeBytes(Reading.written(series.next(answer(reading, last), last.shape())));
    answers.writeBytes(series.end().array());
    Content echo =
        format == BatchFormat.ARROW
            ? ArrowStreams.read(answers.toByteArray())
            : ArrowStreams.readFile(answers.toByteArray());
    assertThat(echo.columns()).isEqualTo(ArrowStreams.read(body).columns());
  }

  /// Polars writes the dictionaries of a file behind its rows.
  @Test
  void aDictionaryBehindItsRowsIsKeptInAFileAndRefusedInAStream() {
    Content echo = echo(reading("a", "n", "flag"), python("polars-lz4.arrow"));
    assertThat(echo.column("c")).isEqualTo("[u, v, u]");
    assertThat(echo.column("s")).isEqualTo("[x, longer than twelve bytes, null]");
    assertThat(echo.column("n")).isEqualTo("[1.0, 2.0, 3.0]");
    byte[] without = ArrowStreams.withoutMessage(python("delta.arrows"), 1);
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> reading("a").decode(without))
        .withMessage("A record batch comes before the dictionary of one of its columns.");
  }

  /// The index, the text, the categories and the times of pandas, and what it notes of them.
  @ParameterizedTest
  @ValueSource(strings = {"pandas.arrows", "pandas.arrow"})
  void everythingThatPandasWritesIsKept(String name) {
    Content came = ArrowStreams.read(python("pandas.arrows"));
    Content echo = echo(reading("a", "n", "flag"), python(name));
    assertThat(echo.notes()).containsKey("pandas");
    Map<String, List<@Nullable Object>> kept = new LinkedHashMap<>(came.columns());
    kept.keySet().removeAll(List.of("n", "flag"));
    assertThat(echo.columns()).containsAllEntriesOf(kept);
    assertThat(echo.column("n")).isEqualTo("[1.0, null, 3.0]");
    assertThat(echo.fields().stream().map(f -> f.getName()).toList())
        .isEqualTo(came.fields().stream().map(f -> f.getName()).toList());
  }

  @Test
  void floatsKeepTheirTypeAndNotesAndOtherNumbersAreFloat64() {
    Content echo =
        echo(
            reading("f16", "f32", "i64", "bool", "d128").with(Extra.IGNORE),
            python("numbers.arrows"));
    assertThat(echo.fields().stream().map(f -> f.getName() + " " + f.getType()).toList())
        .containsExactly(
            "i64 FloatingPoint(DOUBLE)",
            "f16 FloatingPoint(HALF)",
            "f32 FloatingPoint(SINGLE)",
            "bool FloatingPoint(DOUBLE)",
            "d128 FloatingPoint(DOUBLE)");
    assertThat(echo.fields().getFirst().getMetadata()).containsEntry("unit", "i64");
    assertThat(echo.notes()).containsEntry("made", "by hand");
    assertThat(echo.column("bool")).isEqualTo("[1.0, 0.0, null, 1.0]");
    assertThat(echo.column("f32")).isEqualTo("[0.1, -1.5, null, 1.4E-45]");
  }

  @ParameterizedTest
  @CsvSource({
    "fixed,FixedSizeList(3),FloatingPoint(SINGLE)",
    "list,List,FloatingPoint(DOUBLE)",
    "large-list,LargeList,FloatingPoint(HALF)",
    "integers,List,FloatingPoint(DOUBLE)"
  })
  void anEmbeddingComesBackAsLists(String name, String type, String child) {
    Content echo = echo(reading("x", "y", "z"), python("embedding-" + name + ".arrows"));
    assertThat(echo.fields().get(1).getType()).hasToString(type);
    assertThat(echo.fields().get(1).getChildren().getFirst().getType()).hasToString(child);
    assertThat(echo.column("id")).isEqualTo("[a, b, c, d]");
    if (!name.equals("large-list")) {
      assertThat(echo.column("e"))
          .endsWith("[null,null,null], [1.0,2.0,3.0]]")
          .contains(name.equals("integers") ? "[0.0,1.0,-2.0]" : "[0.5,1.5,-2.0]");
    }
  }

  /// pandas would cast the answer back to Int64 and boolean, and fail.
  @Test
  void theNoteOfPandasTellsFloat64OfWhatWasConverted() {
    Content echo = echo(reading("a", "n", "flag"), python("pandas.arrow"));
    assertThat(echo.notes().get("pandas"))
        .contains(
            "{\"name\": \"n\", \"field_name\": \"n\", \"pandas_type\": \"float64\","
                + " \"numpy_type\": \"float64\", \"metadata\": null}")
        .contains("\"field_name\": \"name\", \"pandas_type\": \"object\"")
        .doesNotContain("Int64", "boolean");
    assertThat(
            PandasNote.adapted(
                Map.of(
                    "pandas",
                    "\"field_name\": \"l\\u00e9 \\\"\\\\\", \"pandas_type\": \"int64\","
                        + " \"numpy_type\": \"Int64\""),
                Set.of("lé \"\\")))
        .isEqualTo(
            Map.of(
                "pandas",
                "\"field_name\": \"l\\u00e9 \\\"\\\\\", \"pandas_type\": \"float64\","
                    + " \"numpy_type\": \"float64\""));
  }

  @Test
  void aTensorStaysOne() {
    Content echo = echo(reading("x", "y", "z"), python("embedding-tensor.arrows"));
    assertThat(echo.fields().getFirst().getMetadata())
        .containsEntry("ARROW:extension:name", "arrow.fixed_shape_tensor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pandas.arrow", "kept.arrows", "views.arrows", "no-batches.arrow"})
  void anAnswerCanBeAFile(String name) {
    byte[] body = python(name);
    Reading reading =
        name.startsWith("pandas")
            ? reading("a", "n", "flag")
            : name.startsWith("no") ? reading("a", "b") : reading("a");
    byte[] file = echo(reading, BatchFormat.ARROW_FILE, body);
    Content echo = ArrowStreams.readFile(file);
    assertThat(echo).isEqualTo(echo(reading, body));
    assertThat(reading.decode(file).batch().rows()).isEqualTo(reading.decode(body).batch().rows());
  }

  @Test
  void aFileOfAnAnswerOfAnotherFormatHasManyRecordBatches() {
    Reading json =
        new Reading(BatchFormat.JSON, Definitions.named(MissingValues.IGNORE, "a"))
            .withMostNumbers(1 << 20);
    byte[] file =
        echo(
            json,
            BatchFormat.ARROW_FILE,
            Reading.utf8("{\"rows\":[[1]" + ",[2]".repeat(99_999) + "]}"));
    Content content = ArrowStreams.readFile(file);
    assertThat(content.batches()).isGreaterThan(1);
    assertThat(content.column("a")).startsWith("[1.0, 2.0").hasSize(100_000 * 5);
  }

  private static Optional<String> pyarrow() throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder("python3", "-c", "import pyarrow")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return Optional.of("python3");
      }
    } catch (IOException notInstalled) {
      // no Python
    }
    return Optional.empty();
  }

  private static final String SCRIPT =
      """
      import sys, pyarrow as pa
      for kind, asked, answered in zip(*[iter(sys.argv[1:])] * 3):
          came = (pa.ipc.open_file if open(asked, "rb").read(4) == b"ARRO" else pa.ipc.open_stream)(asked).read_all()
          echo = getattr(pa.ipc, "open_" + kind)(answered).read_all()
          echo.validate(full=True)
          for name in came.column_names:
              type = came.schema.field(name).type
              same = echo[name].to_pylist() == came[name].to_pylist()
              assert same or name in ("a", "b", "n", "flag"), (asked, name, echo[name], came[name])
          assert set(echo.schema.metadata or {}) == set(came.schema.metadata or {}), (asked, echo.schema.metadata)
          if b"pandas" in (came.schema.metadata or {}):
              frame = echo.to_pandas()
              assert list(frame.index) == ["r0", "r1", "r2"] and str(frame["n"].dtype) == "float64", frame
          print(echo.num_rows, end=" ")
      """;

  @Test
  void pyarrowReadsTheAnswers() throws IOException, InterruptedException {
    Optional<String> python = pyarrow();
    Assumptions.assumeTrue(python.isPresent(), "NO ANSWER WAS READ BY PYARROW: it is not here");
    List<String> command = new ArrayList<>(List.of(python.orElseThrow(), "-c", SCRIPT));
    for (String name :
        List.of(
            "kept.arrows", "views.arrows", "pandas.arrow", "polars-lz4.arrow", "delta.arrows")) {
      Reading reading = name.startsWith("p") ? reading("a", "n", "flag") : reading("a");
      for (BatchFormat format : List.of(BatchFormat.ARROW, BatchFormat.ARROW_FILE)) {
        Path asked = folder.resolve(name);
        Path answered = folder.resolve(format + name);
        Files.write(asked, python(name));
        Files.write(answered, echo(reading, format, python(name)));
        command.addAll(
            List.of(
                format == BatchFormat.ARROW ? "stream" : "file",
                asked.toString(),
                answered.toString()));
      }
    }
    Path errors = folder.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    assertThat(printed).isEqualTo("15 15 8 8 3 3 3 3 5 5 ");
  }
}
