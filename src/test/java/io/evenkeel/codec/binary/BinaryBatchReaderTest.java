package io.evenkeel.codec.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.admission.Definitions;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Little-endian IEEE-754 numbers `[N × D]`; the bytes of the expected values are spelled by hand
/// from the standard's layout.
class BinaryBatchReaderTest {
  private final Reading float64 =
      new Reading(BatchFormat.BINARY, Definitions.named(MissingValues.IGNORE, "a", "b"));
  private final Reading float32 = float64.ofFloat32();

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  private static byte[] doubles(double... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(buffer::putDouble);
    return buffer.array();
  }

  /// 1.0 is 3FF0000000000000, −2.5 is C004000000000000.
  @Test
  void eightBytesAreADouble() {
    assertThat(float64.rows(hex("000000000000F03F 00000000000004C0"))).isEqualTo("[[1.0, -2.5]]");
  }

  /// 1.0f is 3F800000, 0.1f is 3DCCCCCD, which is 0.100000001490116… as a double.
  @Test
  void fourBytesAreAFloat() {
    assertThat(float32.rows(hex("0000803F CDCCCC3D"))).isEqualTo("[[1.0, 0.10000000149011612]]");
  }

  @Test
  void anEmptyBodyIsABatchWithoutRows() {
    assertThat(float64.rows(new byte[0])).isEqualTo("[]");
  }

  @Test
  void anyNaNIsMissingAndInfinityIsRefused() {
    byte[] body = hex("010000000000F0FF 000000000000F87F 000000000000F07F 000000000000F0FF");
    assertThat(float64.rows(Arrays.copyOf(body, 16))).isEqualTo("[[NaN, NaN]]");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> float64.rows(body))
        .satisfies(e ->
            assertThat(e.faults().first())
                .extracting(fault -> fault.pointer() + " " + fault.code())
                .containsExactly("#/rows/1/0 not-finite", "#/rows/1/1 not-finite"));
  }

  @Test
  void aBodyOfPartOfARowIsAFaultOfThatRow() {
    for (int length = 1; length < 16; length++) {
      byte[] body = Arrays.copyOf(doubles(1, 2, 3, 4), 16 + length);
      assertThatExceptionOfType(InvalidInput.class)
          .as("%d bytes", body.length)
          .isThrownBy(() -> float64.rows(body))
          .satisfies(e ->
              assertThat(e.faults().first())
                  .extracting(fault -> fault.pointer() + " " + fault.code())
                  .containsExactly("#/rows/1 feature-count"));
    }
  }

  @Test
  void aBodyIsReadTheSameHoweverItIsCutIntoChunks() {
    float64.requireSameInEverySplit(doubles(1, Double.NaN, -0.0, Double.MIN_VALUE, 1e300, 7));
    float32.requireSameInEverySplit(doubles(1, Double.MIN_VALUE, 1e300));
    float64.requireSameInEverySplit(Arrays.copyOf(doubles(1, 2, 3), 21));
  }

  @Test
  void aBodyOfAnyLengthIsTakenInParts() {
    int count = RowCollector.BLOCK + 10;
    ByteBuffer body = ByteBuffer.allocate(count * 8).order(ByteOrder.LITTLE_ENDIAN);
    double expected = 0;
    for (int i = 0; i < count; i++) {
      body.putDouble(i % 11);
      expected += i % 11;
    }
    double[] sum = new double[2];
    Consumer<ReceivedBatch> taken =
        part -> {
          FeatureBatch batch = Reading.admitted(part);
          for (int i = 0; i < batch.rows() * 2; i++) {
            sum[0] += batch.values()[i];
          }
          sum[1] += batch.rows();
        };
    DecodedBatch last = float64.decode(taken, body.array());
    assertThat(sum[1]).as("rows handed on").isEqualTo(RowCollector.BLOCK / 2.0);
    taken.accept(last.batch());
    assertThat(sum).containsExactly(expected, count / 2.0);
  }

  @Test
  void moreNumbersThanABatchMayHaveAreTooLarge() {
    Reading small = float64.withMostNumbers(6);
    assertThat(small.rows(doubles(1, 2, 3, 4, 5, 6))).startsWith("[[1.0, 2.0]");
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> small.rows(doubles(1, 2, 3, 4, 5, 6, 7, 8)));
  }
}
