package io.evenkeel.codec.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.csv.CsvTables.Table;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampledColumn;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Reception;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// CSV files as pandas, polars, numpy, Python and R write them.
class CsvTablesTest {
  static List<Table> good() {
    return CsvTables.good();
  }

  static List<Table> bad() {
    return CsvTables.bad();
  }

  private static Sample sampled(Table table, int chunk) {
    CsvSampleReader reader = new CsvSampleReader(table.dialect(), MemoryShare.UNLIMITED);
    byte[] bytes = table.bytes();
    for (int at = 0; at < bytes.length; at += chunk) {
      assertThat(reader.feed(bytes, at, Math.min(chunk, bytes.length - at))).isTrue();
    }
    return reader.finish();
  }

  private static Reading reading(Table table, Sample sample) {
    Reading plain =
        new Reading(
            BatchFormat.CSV,
            Definitions.named(MissingValues.IGNORE, table.features().toArray(String[]::new)));
    Reception now = plain.definition().reception();
    List<String> na = new ArrayList<>(now.na());
    sample.columns().forEach(column -> na.addAll(column.marks()));
    return plain
        .received(new Reception(now.extra(), now.absent(), na, now.untrained()))
        .with(table.left().isEmpty() ? Extra.REJECT : Extra.IGNORE)
        .in(table.dialect());
  }

  @ParameterizedTest
  @MethodSource("good")
  void theNumericColumnsOfASampleAreItsFeatures(Table table) {
    for (int chunk : new int[] {1, 7, 1 << 20}) {
      Sample sample = sampled(table, chunk);
      boolean named = table.told().path("named").asBoolean(true);
      assertThat(sample.named()).isEqualTo(named);
      assertThat(sample.rows()).isEqualTo(table.rows().length);
      assertThat(names(sample, true))
          .isEqualTo(
              named
                  ? table.features()
                  : IntStream.range(0, table.features().size()).mapToObj(j -> "f" + j).toList());
      assertThat(names(sample, false)).isEqualTo(table.left());
      assertThat(sample.columns().stream().filter(c -> c.why().isEmpty()))
          .extracting(SampledColumn::hasGaps)
          .isEqualTo(gaps(table));
    }
  }

  private static List<String> names(Sample sample, boolean taken) {
    return sample.columns().stream()
        .filter(column -> column.why().isEmpty() == taken)
        .map(SampledColumn::name)
        .toList();
  }

  private static List<Boolean> gaps(Table table) {
    return IntStream.range(0, table.features().size())
        .mapToObj(j -> Arrays.stream(table.rows()).anyMatch(row -> Double.isNaN(row[j])))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("good")
  void theRowsOfABatchAreTheNearestDoublesToItsDecimals(Table table) {
    Reading reading = reading(table, sampled(table, 1 << 20));
    double[][] rows = Reading.matrix(Reading.admitted(reading.decode(table.bytes()).batch()));
    assertThat(Arrays.deepToString(rows)).isEqualTo(Arrays.deepToString(table.rows()));
  }

  @ParameterizedTest
  @MethodSource("good")
  void aFileIsReadTheSameHoweverItIsCutIntoChunks(Table table) {
    reading(table, sampled(table, 1 << 20)).with(Extra.KEEP).requireSameInEverySplit(table.bytes());
  }

  @ParameterizedTest
  @MethodSource("bad")
  void whatIsProbablyWrongIsRefusedWithTheWayOut(Table table) {
    for (int chunk : new int[] {1, 7, 1 << 20}) {
      assertThat(refusal(() -> sampled(table, chunk))).as("sample").contains(table.refused());
    }
    Sample none = new Sample(List.of(), 0, true);
    Reading reading = reading(table, none).with(Extra.IGNORE);
    assertThat(refusal(() -> Reading.admitted(reading.decode(table.bytes()).batch())))
        .as("batch")
        .contains(table.refused());
  }

  private static String refusal(Callable<?> read) {
    try {
      return "read: " + read.call();
    } catch (InvalidInput e) {
      return e.faults().first().stream().map(Fault::detail).collect(Collectors.joining("\n"));
    } catch (UnreadableBody e) {
      return e.detail();
    } catch (MistakenFormat e) {
      return e.detail();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
