package io.evenkeel.codec.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.admission.Definitions;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How much of a body is held at once.
class RowCollectorTest {
  private static final Reading JSON =
      new Reading(BatchFormat.JSON, Definitions.named(MissingValues.IGNORE, "x"));
  private static final Reading CSV =
      new Reading(BatchFormat.CSV, Definitions.named(MissingValues.IGNORE, "x"));

  @Test
  void keptValuesCountAmongTheNumbersOfABatch() {
    String rows = "{\"id\": \"abcdefgh\", \"x\": 1},".repeat(99) + "{\"x\": 1}";
    String json = "{\"rows\": [" + rows + "]}";
    assertThat(JSON.withMostNumbers(200).with(Extra.IGNORE).decode(json).batch().rows())
        .isEqualTo(100);
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> JSON.withMostNumbers(200).with(Extra.KEEP).decode(json));
    String csv = "id,x\n" + "abcdefgh,1\n".repeat(100);
    assertThat(CSV.withMostNumbers(200).with(Extra.IGNORE).decode(csv).batch().rows())
        .isEqualTo(100);
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> CSV.withMostNumbers(200).with(Extra.KEEP).decode(csv));
  }

  @Test
  void oneLongKeptValueCountsByItsLength() {
    String json = "{\"rows\": [{\"id\": \"" + "i".repeat(10_000) + "\", \"x\": 1}]}";
    assertThat(JSON.withMostNumbers(2000).with(Extra.KEEP).decode(json).batch().rows())
        .isEqualTo(1);
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> JSON.withMostNumbers(1000).with(Extra.KEEP).decode(json));
  }

  @Test
  void nothingIsKeptOfRowsThatAreHandedOn() {
    String json = "{\"rows\": [{\"id\": \"q\", \"x\": 1}, {\"x\": 2}]}";
    DecodedBatch last = JSON.with(Extra.KEEP).decode(_ -> {}, Reading.utf8(json));
    assertThat(last.batch().rows()).isEqualTo(2);
    assertThat(last.shape().extras()).isEmpty();
    DecodedBatch csv = CSV.with(Extra.KEEP).decode(_ -> {}, Reading.utf8("id,x\nq,1\n,2\n"));
    assertThat(csv.shape().columns()).extracting(RowShape.Column::values).allMatch(List::isEmpty);
  }

  /// A limit below the size of a part does not hold back rows that are handed on anyway.
  @Test
  void rowsThatAreHandedOnMayBeMoreThanABatchMayHave() {
    List<Integer> parts = new ArrayList<>();
    StringBuilder body = new StringBuilder("x\n");
    body.repeat("1\n", RowCollector.BLOCK + 5);
    DecodedBatch last =
        CSV.withMostNumbers(1000)
            .decode(part -> parts.add(part.rows()), Reading.utf8(body.toString()));
    assertThat(parts).containsExactly(RowCollector.BLOCK);
    assertThat(last.batch().rows()).isEqualTo(5);
  }

  @Test
  void rowsOfTheWidestNormalizerAreHandedOnSixteenAtATime() {
    Reading wide =
        new Reading(
            BatchFormat.JSON,
            Definitions.of(MissingValues.IGNORE, Features.numbered(Features.MOST)));
    List<ReceivedBatch> parts = new ArrayList<>();
    String body = "{\"rows\": [" + "{},".repeat(39) + "{\"f65535\": 1}]}";
    DecodedBatch last = wide.withMostNumbers(10).decode(parts::add, Reading.utf8(body));
    assertThat(parts).extracting(ReceivedBatch::rows).containsExactly(16, 16);
    assertThat(last.batch().rows()).isEqualTo(8);
  }

  @Test
  void aReaderSaysWhenItHandsRowsOn() {
    for (BatchFormat format : BatchFormat.values()) {
      Reading reading = new Reading(format, Definitions.named(MissingValues.IGNORE, "x"));
      BatchReader whole =
          format.reader(reading.definition(), reading.options(), new Cutting.Whole(), 100);
      assertThat(whole.isHandingOn()).as("%s whole", format).isFalse();
    }
    assertThat(handingOn(BatchFormat.BINARY, "")).isTrue();
    assertThat(handingOn(BatchFormat.CSV, "x")).isFalse();
    assertThat(handingOn(BatchFormat.CSV, "x\n1")).isTrue();
    assertThat(handingOn(BatchFormat.JSON, "{\"weights\": [1, ")).isFalse();
    assertThat(handingOn(BatchFormat.JSON, "{\"rows\": [")).isTrue();
    assertThat(handingOn(BatchFormat.JSON, "{\"rows\": [[1")).isTrue();
    assertThat(handingOn(BatchFormat.JSON, "{\"rows\": [{\"x\": ")).isTrue();
    assertThat(handingOn(BatchFormat.JSON, "{\"rows\": [{\"z\": [\"")).isTrue();
    assertThat(handingOn(BatchFormat.JSON, "{\"rows\": [[1]], ")).isFalse();
    assertThat(handingOn(BatchFormat.JSON, "{\"columns\": {\"x\": [1, ")).isFalse();
    assertThat(handingOn(BatchFormat.JSON, "{\"columns\": {\"z\": [1, ")).isFalse();
  }

  private static boolean handingOn(BatchFormat format, String begun) {
    Reading reading =
        new Reading(format, Definitions.named(MissingValues.IGNORE, "x")).with(Extra.IGNORE);
    BatchReader reader =
        format.reader(reading.definition(), reading.options(), new Cutting.Blocks(_ -> {}), 100);
    byte[] bytes = Reading.utf8(begun);
    reader.feed(bytes, 0, bytes.length);
    return reader.isHandingOn();
  }
}
