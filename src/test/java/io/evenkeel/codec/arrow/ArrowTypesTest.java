package io.evenkeel.codec.arrow;

import static io.evenkeel.codec.arrow.ArrowStreams.python;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.Extra;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Columns of other types than float64 and float32, and columns of lists, as pyarrow, Polars and
/// Apache Arrow for JavaScript write them. The scripts are in `src/test/resources/arrow`.
class ArrowTypesTest {
  private static final List<String> NUMBERS =
      List.of(
          "i8",
          "i16",
          "i32",
          "i64",
          "u8",
          "u16",
          "u32",
          "u64",
          "f16",
          "f32",
          "bool",
          "d32",
          "d64",
          "d128",
          "d256",
          "hundreds",
          "fine",
          "dictionary",
          "codes",
          "nothing",
          "runs");

  private static Reading reading(String... features) {
    return new Reading(BatchFormat.ARROW, Definitions.named(MissingValues.IGNORE, features));
  }

  /// `numbers.csv` has the doubles that Python makes of the same numbers.
  @Test
  void numbersOfEveryTypeAreTheDoublesThatPythonMakesOfThem() {
    double[][] rows =
        Reading.matrix(
            Reading.admitted(
                reading(NUMBERS.toArray(String[]::new)).decode(python("numbers.arrows")).batch()));
    List<String> lines =
        new String(python("numbers.csv"), StandardCharsets.US_ASCII).lines().toList();
    assertThat(rows).hasDimensions(4, NUMBERS.size());
    for (int i = 0; i < rows.length; i++) {
      assertThat(rows[i])
          .as("row " + i)
          .containsExactly(
              Stream.of(lines.get(i).split(",", -1)).mapToDouble(Double::parseDouble).toArray());
    }
  }

  @Test
  void numbersAreReadTheSameHoweverTheBodyIsCutIntoChunks() {
    reading(NUMBERS.toArray(String[]::new)).requireSameInEverySplit(python("numbers.arrows"));
  }

  /// 2⁵³ + 1 behind a null, in a dictionary and in a run of two rows. 2⁶⁴ − 2¹¹ is a double.
  @Test
  void anIntegerThatNoDoubleIsIsAFaultOfItsCell() {
    Reading reading = reading("d", "a", "c", "b").with(Extra.IGNORE);
    List<Fault> found = reading.found(python("inexact.arrows"));
    assertThat(found)
        .extracting(Fault::pointer, Fault::code)
        .containsExactly(
            tuple("#/rows/0/1", "not-exact"),
            tuple("#/rows/0/2", "not-exact"),
            tuple("#/rows/1/3", "not-exact"),
            tuple("#/rows/1/0", "not-exact"),
            tuple("#/rows/2/0", "not-exact"),
            tuple("#/rows/3/1", "not-exact"),
            tuple("#/rows/3/2", "not-exact"));
    assertThat(found)
        .extracting(Fault::detail)
        .containsExactly(
            inexact("a", "9007199254740993"),
            inexact("c", "9007199254740993"),
            inexact("b", "18446744073709551615"),
            inexact("d", "1152921504606846977"),
            inexact("d", "1152921504606846977"),
            inexact("a", "-9007199254740993"),
            inexact("c", "-9007199254740993"));
    assertThat(reading("e").with(Extra.IGNORE).found(python("inexact.arrows")))
        .extracting(Fault::pointer, Fault::detail)
        .containsExactly(tuple("#/rows/1/0", inexact("e", "9007199254740993")));
  }

  private static String inexact(String name, String integer) {
    return "'"
        + name
        + "' is "
        + integer
        + ", which no float64 is. Cast the column to float64, if the nearest number will do.";
  }

  @Test
  void aDictionaryGrowsByADeltaAndIsReplacedByAnother() {
    Reading reading = reading("a").with(Extra.IGNORE);
    assertThat(reading.rows(python("delta.arrows")))
        .isEqualTo("[[1.5], [2.5], [3.5], [1.5], [NaN]]");
    assertThat(reading.rows(python("replaced.arrows")))
        .isEqualTo("[[1.5], [2.5], [7.5], [NaN], [8.5]]");
    assertThat(reading.rows(python("dictionary.arrow"))).isEqualTo("[[1.5], [2.5], [1.5]]");
  }

  @Test
  void weightsAreOfAnyTypeOfNumbers() {
    Reading reading = reading("i32").with(Extra.IGNORE).withWeightColumn("u16");
    assertThat(reading.found(python("numbers.arrows")))
        .extracting(Fault::pointer, Fault::code)
        .containsExactly(tuple("#/weights/2", "not-null"));
    assertThat(
            Reading.admitted(
                    reading("a")
                        .with(Extra.IGNORE)
                        .withWeightColumn("n")
                        .decode(python("polars-zstd.arrow"))
                        .batch())
                .weights())
        .containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kept.arrows|date32|date32",
        "kept.arrows|time64|time64[us]",
        "kept.arrows|timestamp|timestamp[ns, Europe/Zurich]",
        "kept.arrows|duration|duration[s]",
        "kept.arrows|uuid|fixed_size_binary",
        "kept.arrows|large_list|large_list<utf8>",
        "kept.arrows|pair|fixed_size_list[2]<float32>",
        "kept.arrows|struct|struct<'p', 'q'>",
        "passed-over.arrows|colour|dictionary<utf8>",
        "passed-over.arrows|view|utf8_view"
      })
  void aColumnWithoutNumbersIsOneFault(String stream, String feature, String type) {
    assertThat(reading("a", feature).with(Extra.IGNORE).found(python(stream)))
        .extracting(Fault::code, Fault::detail)
        .containsExactly(
            tuple(
                "unknown-value",
                "The column '"
                    + feature
                    + "' is "
                    + type
                    + "; a feature is numbers or booleans. Cast the column to float64."));
  }

  /// The third list is null, and the second has a null.
  @ParameterizedTest
  @CsvSource({
    "fixed,0.5 1.5 -2.0 NaN 0.25 4.0",
    "list,0.5 1.5 -2.0 NaN 0.25 4.0",
    "large-list,0.5 1.5 -2.0 NaN 0.25 4.0",
    "integers,0.0 1.0 -2.0 NaN 0.0 4.0"
  })
  void aColumnOfListsHoldsAllFeaturesInTheirOrder(String name, String values) {
    String[] v = values.split(" ");
    assertThat(
            reading("x", "y", "z").with(Extra.IGNORE).rows(python("embedding-" + name + ".arrows")))
        .isEqualTo(
            "[["
                + String.join(", ", v[0], v[1], v[2])
                + "], ["
                + String.join(", ", v[3], v[4], v[5])
                + "], [NaN, NaN, NaN], [1.0, 2.0, 3.0]]");
  }

  @Test
  void aListOfAnotherLengthThanDIsAFault() {
    assertThat(reading("x", "y").with(Extra.IGNORE).found(python("embedding-fixed.arrows")))
        .extracting(Fault::pointer, Fault::code, Fault::detail)
        .containsExactly(
            tuple(
                "#/header/1",
                "feature-count",
                "The lists of the column 'e' have 3 values; the normalizer has 2 features."));
    assertThat(reading("x", "y", "z").found(python("embedding-uneven.arrows")))
        .extracting(Fault::pointer, Fault::code, Fault::detail)
        .containsExactly(
            tuple(
                "#/rows/1",
                "feature-count",
                "The list of the row has 1 values; the normalizer has 3 features."));
  }

  @Test
  void ofSeveralColumnsOfListsTheOneOfDNumbersIsTaken() {
    byte[] two = python("embedding-two.arrows");
    assertThat(reading("x", "y", "z").with(Extra.IGNORE).rows(two)).isEqualTo("[[1.0, 2.0, 3.0]]");
    assertThat(reading("x", "y").with(Extra.IGNORE).rows(two)).isEqualTo("[[1.0, 2.0]]");
    assertThat(reading("x").with(Extra.IGNORE).found(two))
        .extracting(Fault::code)
        .containsExactly("missing-column");
  }

  @ParameterizedTest
  @CsvSource({
    "js.arrows,a n f flag",
    "js.arrow,a n f flag",
    "polars.arrows,a n flag",
    "polars-uncompressed.arrow,a n flag",
    "polars-oldest.arrow,a n flag"
  })
  void otherWritersAreReadAlike(String file, String features) {
    String first = features.contains("f ") ? "0.25, 1.0" : "1.0";
    String[] names = features.split(" ");
    assertThat(reading(names).with(Extra.IGNORE).rows(python(file)))
        .startsWith("[[1.5, 1.0, " + first + "], [NaN, 2.0, ");
  }

  @Test
  void aDictionaryThatDoesNotComeBeforeItsRowsIsRefused() {
    byte[] whole = python("delta.arrows");
    byte[] without = ArrowStreams.withoutMessage(whole, 1);
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> reading("a").with(Extra.IGNORE).decode(without))
        .withMessage("A record batch comes before the dictionary of one of its columns.");
  }
}
