package io.evenkeel.codec.arrow;

import static io.evenkeel.codec.arrow.ArrowStreams.float64;
import static io.evenkeel.codec.arrow.ArrowStreams.python;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampleReader;
import io.evenkeel.codec.sample.SampledColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

/// Columns of tables that pyarrow, pandas and Polars have written.
class ArrowSampleReaderTest {
  private static Sample sample(byte[] body) {
    SampleReader reader = new ArrowSampleReader(MemoryShare.UNLIMITED, 1 << 20);
    reader.feed(body, 0, body.length);
    return reader.finish();
  }

  private static List<String> columns(Sample sample) {
    return sample.columns().stream().map(ArrowSampleReaderTest::told).toList();
  }

  private static String told(SampledColumn column) {
    return column.name()
        + ": "
        + column.why().orElse("taken")
        + (column.hasGaps() ? ", with gaps" : "");
  }

  @Test
  void columnsOfNumbersAndBooleansCanBeFeatures() {
    Sample sample = sample(python("pandas.arrow"));
    assertThat(sample.rows()).isEqualTo(3);
    assertThat(sample.named()).isTrue();
    assertThat(columns(sample))
        .containsExactly(
            "a: taken, with gaps",
            "n: taken, with gaps",
            "flag: taken, with gaps",
            "name: text: 'x'",
            "kind: text: 'u'",
            "when: type timestamp[us]",
            "__index_level_0__: the index of pandas");
    assertThat(columns(sample(python("pandas.arrows")))).isEqualTo(columns(sample));
    assertThat(columns(sample(python("polars-lz4.arrow"))))
        .containsExactly(
            "a: taken, with gaps",
            "n: taken",
            "s: text: 'x'",
            "c: text: 'u'",
            "flag: taken, with gaps");
  }

  @Test
  void everyTypeOfNumbersIsTakenButOneWithoutAnyValue() {
    assertThat(columns(sample(python("numbers.arrows"))))
        .hasSize(21)
        .contains("nothing: empty: no row has a value, with gaps")
        .filteredOn(told -> told.endsWith(": taken, with gaps"))
        .hasSize(20);
  }

  /// They would be refused as soon as they are sent as a batch.
  @Test
  void integersThatNoDoubleIsAreNoFeature() {
    assertThat(columns(sample(python("inexact.arrows"))))
        .contains(
            "b: type of integers such as 18446744073709551615, which no float64 is",
            "list: type fixed_size_list[1]<int64>");
  }

  @Test
  void anEmbeddingIsAsManyFeaturesAsItsListsHaveNumbers() {
    Sample fixed = sample(python("embedding-tensor.arrows"));
    assertThat(fixed.named()).isFalse();
    assertThat(columns(fixed)).containsExactly("f0: taken", "f1: taken", "f2: taken");
    Sample uneven = sample(python("embedding-list.arrows"));
    assertThat(uneven.named()).isTrue();
    assertThat(columns(uneven))
        .containsExactly(
            "id: text: 'a'",
            "f0: taken, with gaps",
            "f1: taken, with gaps",
            "f2: taken, with gaps");
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> sample(python("embedding-uneven.arrows")))
        .withMessage(
            "A list of a column has 1 values; the first has 3. All must have the same number.");
    assertThat(columns(sample(python("embedding-two.arrows"))))
        .containsExactly(
            "e: type fixed_size_list[3]<float64>", "f: type fixed_size_list[2]<float64>");
  }

  /// `pa.Table.from_pandas(frame[frame.x > 0])`. A named index has its own name.
  @Test
  void theIndexOfPandasIsNoFeature() {
    for (String index : List.of("__index_level_0__", "id", "ä \"q\"")) {
      String told = index.equals("id") ? "id" : index.startsWith("_") ? index : "\\u00e4 \\\"q\\\"";
      for (String note :
          List.of(
              "{\"index_columns\": [\"" + told + "\"], \"column_indexes\": []}",
              "{\"columns\":[{\"name\":\"x\"}],\"index_columns\":[\"" + told + "\"]}",
              "{\"index_columns\": [{\"kind\": \"range\", \"name\": \"x\", \"step\": 1}, \""
                  + told
                  + "\"]}")) {
        byte[] body =
            ArrowStreams.written(
                new Schema(List.of(float64("x"), float64(index)), Map.of("pandas", note)),
                1,
                (root, _) -> {
                  ((Float8Vector) root.getVector(0)).setSafe(0, 1);
                  ((Float8Vector) root.getVector(1)).setSafe(0, 7);
                  root.setRowCount(1);
                });
        assertThat(columns(sample(body)))
            .containsExactly("x: taken", index + ": the index of pandas");
      }
    }
  }

  @Test
  void columnsOfOtherTypesAreLeftOut() {
    assertThat(columns(sample(python("passed-over.arrows"))))
        .startsWith("colour: text: 'red'", "view: text: 'longer than twelve bytes 0'")
        .contains("a: taken, with gaps", "sparse: type union", "nested: type list<utf8>");
  }

  @Test
  void theRowsBehindTheFirstTenThousandAreNotRead() {
    byte[] body = ArrowStreams.of(List.of(float64("a")), 4_000, new double[20_000]);
    SampleReader reader = new ArrowSampleReader(MemoryShare.UNLIMITED, 1 << 20);
    int fed = 0;
    while (reader.feed(body, fed, 100)) {
      fed += 100;
    }
    assertThat(fed).isBetween(3 * 4_000 * 8, 3 * 4_000 * 8 + 2_000);
    assertThat(reader.finish().rows()).isEqualTo(10_000);
  }

  @Test
  void aSampleThatIsCutOffIsRefused() {
    byte[] body = python("numbers.arrows");
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> sample(Arrays.copyOf(body, body.length - 50)));
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> sample(new byte[0]))
        .withMessage("The body has no schema.");
  }
}
