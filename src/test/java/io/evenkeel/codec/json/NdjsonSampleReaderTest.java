package io.evenkeel.codec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.evenkeel.codec.rows.CountedMemory;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampleReader;
import io.evenkeel.codec.sample.SampledColumn;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The columns of NDJSON rows, found without a definition.
class NdjsonSampleReaderTest {

  private static Sample sample(byte[]... chunks) {
    NdjsonSampleReader reader = new NdjsonSampleReader(MemoryShare.UNLIMITED);
    for (byte[] chunk : chunks) {
      reader.feed(chunk, 0, chunk.length);
    }
    return reader.finish();
  }

  private static Sample sample(String body) {
    return sample(Reading.utf8(body));
  }

  /// Each column as `name why gaps`.
  private static List<String> told(Sample sample) {
    return sample.columns().stream().map(NdjsonSampleReaderTest::told).toList();
  }

  private static String told(SampledColumn column) {
    return column.name() + " (" + column.why().orElse("") + ")" + (column.hasGaps() ? " gaps" : "");
  }

  private static String refused(String body) {
    return catchThrowableOfType(UnreadableBody.class, () -> sample(body)).detail();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pandas-lines.ndjson", "polars.ndjson", "jq-lines.ndjson"})
  void theColumnsOfRealWriters(String name) {
    byte[] body = JsonWritersTest.file(name);
    List<String> columns =
        List.of("id (text: 'A-17')", "amount ()", "count ()", "paid ()", "gap () gaps");
    Sample sample = sample(body);
    assertThat(told(sample)).isEqualTo(columns);
    assertThat(sample.rows()).isEqualTo(3);
    assertThat(sample.named()).isTrue();
    for (int at = 0; at <= body.length; at++) {
      assertThat(told(sample(Arrays.copyOf(body, at), Arrays.copyOfRange(body, at, body.length))))
          .isEqualTo(columns);
    }
  }

  @Test
  void columnsHaveTheOrderOfTheirFirstAppearance() {
    Sample sample =
        sample(
            """
            {"b": 1}

            {"a": null, "b": true, "tags": [1, {"k": 2}], "o": {"x": [1]}, "s": ""}
            {"c": 3, "a": null}
            """);
    assertThat(told(sample))
        .containsExactly(
            "b () gaps",
            "a (empty: no row has a value) gaps",
            "tags (text: '[...]') gaps",
            "o (text: '{...}') gaps",
            "s (text: '') gaps",
            "c () gaps");
    assertThat(sample.rows()).isEqualTo(3);
  }

  @Test
  void rowsThatAreArraysHaveNoNames() {
    Sample sample = sample("[1, null, \"NA\"]\n[true, 2.5, 3]");
    assertThat(sample.named()).isFalse();
    assertThat(told(sample))
        .containsExactly("f0 ()", "f1 () gaps", "f2 (text: 'NA' in 1 of 2 rows)");
  }

  @Test
  void nothingBehindTheLastRowIsRead() {
    String rows = "[1, 2]\n".repeat(SampleReader.MOST_ROWS);
    NdjsonSampleReader reader = new NdjsonSampleReader(MemoryShare.UNLIMITED);
    byte[] body = Reading.utf8(rows + "{\"no\": row ???");
    assertThat(reader.feed(body, 0, 70)).isTrue();
    assertThat(reader.feed(body, 70, body.length - 70)).isFalse();
    assertThat(reader.feed(body, 0, 3)).isFalse();
    assertThat(reader.finish().rows()).isEqualTo(SampleReader.MOST_ROWS);
  }

  @Test
  void rowsOfTwoKindsOrLengthsAreRefused() {
    assertThat(refused("[1]\n{\"a\": 1}")).contains("send rows of one kind");
    assertThat(refused("{\"a\": 1}\n[1]")).contains("send rows of one kind");
    assertThat(refused("[1, 2]\n[1]")).contains("The first row has 2 values");
    assertThat(refused("[1, 2]\n[1, 2, 3]")).contains("The first row has 2 values");
    assertThat(refused("{\"a\": 1, \"a\": 2}")).contains("'a' is there twice");
    assertThat(refused("[[1, 2], [3, 4]]")).contains("Write each row on a line of its own");
    assertThat(refused("[{\"a\": 1}]")).contains("Write each row on a line of its own");
    assertThat(refused("[\n{\"a\": 1}")).contains("one line");
    assertThat(refused("7\n")).contains("a row");
    assertThat(refused("{\"a\": NaN}")).contains("null");
    assertThat(refused("{\"a\": 1")).contains("too early");
  }

  @Test
  void namesAreHeldInTheMemoryOfTheRequest() {
    CountedMemory memory = new CountedMemory();
    NdjsonSampleReader reader = new NdjsonSampleReader(memory);
    byte[] row = Reading.utf8("{\"" + "n".repeat(1_000) + "\": 1}\n");
    reader.feed(row, 0, row.length);
    reader.feed(row, 0, row.length);
    assertThat(memory.held()).isBetween(2_000L, 2_600L);
  }
}
