package io.evenkeel.codec.arrow;

import static io.evenkeel.codec.arrow.ArrowStreams.python;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.normalizer.definition.Extra;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Arrow files (Feather) as pyarrow, pandas and Polars write them, read from their front.
class ArrowFilesTest {
  private static final String TWO_BATCHES =
      "[[1.0, 0.5], [NaN, NaN], [-0.0, NaN], [NaN, 0.10000000149011612]]";

  private static Reading reading(BatchFormat format, String... features) {
    return new Reading(format, Definitions.named(MissingValues.IGNORE, features))
        .with(Extra.IGNORE);
  }

  private static Reading reading(String... features) {
    return reading(BatchFormat.ARROW_FILE, features);
  }

  private static void assertUnreadable(byte[] file, String sentence) {
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> reading("a", "b").decode(file))
        .withMessage(sentence);
  }

  @ParameterizedTest
  @EnumSource(names = {"ARROW", "ARROW_FILE"})
  void aBodyIsAFileOrAStreamByItsFirstBytes(BatchFormat format) {
    Reading reading = reading(format, "a", "b");
    assertThat(reading.rows(python("two-batches.arrow"))).isEqualTo(TWO_BATCHES);
    assertThat(reading.rows(python("two-batches.arrows"))).isEqualTo(TWO_BATCHES);
    assertThat(reading.rows(python("no-batches.arrow"))).isEqualTo("[]");
  }

  @Test
  void aFileOfPandasHasNullableIntegersAndAnIndex() {
    assertThat(reading("a", "n", "flag").rows(python("pandas.arrow")))
        .isEqualTo("[[1.5, 1.0, 1.0], [NaN, NaN, NaN], [3.5, 3.0, 0.0]]");
  }

  /// Its schema has no prefix.
  @Test
  void aFileOfPolarsIsReadInEveryCoding() {
    for (String coding : List.of("uncompressed", "lz4", "zstd")) {
      assertThat(reading("a", "n", "flag").rows(python("polars-" + coding + ".arrow")))
          .as(coding)
          .isEqualTo("[[1.5, 1.0, 1.0], [NaN, 2.0, 0.0], [3.5, 3.0, NaN]]");
    }
    assertThat(reading("a", "n").rows(python("polars-empty.arrow"))).isEqualTo("[]");
  }

  /// Its schema is in the footer alone, so the file is held whole.
  @Test
  void aFileOfJavaScriptIsRead() {
    byte[] file = python("js.arrow");
    Reading reading = reading("a", "n", "flag", "f");
    assertThat(reading.rows(file))
        .isEqualTo("[[1.5, 1.0, 1.0, 0.25], [NaN, 2.0, 0.0, 0.5], [3.5, NaN, 1.0, NaN]]");
    reading.requireSameInEverySplit(file);
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> reading.withMostNumbers(file.length / 4).decode(file));
    assertUnreadable(
        Arrays.copyOf(file, file.length - 1), "The Arrow file is cut off: its footer is missing.");
  }

  @Test
  void rowsOfAFileAreHandedOnBeforeItsFooter() {
    byte[] file = python("two-batches.arrow");
    List<DecodedBatch> handed = new ArrayList<>();
    reading("a", "b").decode(new Cutting.Batches(1, 1, handed::add), file);
    assertThat(handed).hasSize(3);
  }

  /// Unlike a stream, a file that is cut off is never a shorter one.
  @Test
  void aFileThatIsCutOffIsRefused() {
    byte[] whole = python("two-batches.arrow");
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatExceptionOfType(UnreadableBody.class)
          .as("length " + length)
          .isThrownBy(() -> reading("a", "b").decode(cut));
    }
    assertUnreadable(
        Arrays.copyOf(whole, whole.length - 1),
        "The Arrow file is cut off: its footer is missing.");
    assertUnreadable(
        Arrays.copyOf(whole, whole.length + 1),
        "The Arrow file is cut off: its footer is missing.");
  }

  /// The footer of a file with the first of its two record batches alone.
  @Test
  void aFooterThatTellsOfOtherRecordBatchesIsRefused() {
    byte[] two = python("two-batches.arrow");
    byte[] one = python("file.arrow");
    int messages = endOfMessages(two);
    int footer = endOfMessages(one);
    byte[] mixed = Arrays.copyOf(two, messages + one.length - footer);
    System.arraycopy(one, footer, mixed, messages, one.length - footer);
    assertUnreadable(mixed, "The footer of the Arrow file tells of other record batches.");
  }

  private static int endOfMessages(byte[] file) {
    int footer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 10);
    return file.length - 10 - footer;
  }

  @Test
  void featherOfVersionOneIsRefusedByItsName() {
    assertThatExceptionOfType(MistakenFormat.class)
        .isThrownBy(() -> reading("a").decode(python("version-1.feather")))
        .satisfies(e ->
            assertThat(e.detail())
                .isEqualTo(
                    "The body is a Feather file of version 1; write version 2, as"
                        + " pyarrow.feather.write_feather does, and send it as"
                        + " application/vnd.apache.arrow.file."));
  }
}
