package io.evenkeel.normalization;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.normalizer.definition.Features;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rows normalised piece by piece have the bits that [Normalization] gives to all of them at once.
class RowsToComeTest {
  private static Normalization normalization(FeatureBatch batch) {
    return Normalization.of(
        FeatureMoments.of(batch).meanAndVariance(VarianceEstimator.BIASED),
        Affine.identity(batch.features()),
        Definitions.of(MissingValues.IGNORE, Features.numbered(batch.features())).rules());
  }

  @ParameterizedTest
  @CsvSource({"1000, 1, 0", "333, 3, 0", "100, 64, 0", "7, 1500, 0", "100, 64, 5", "100, 64, -1"})
  void rowsHaveTheBitsOfAWholeBatch(int rows, int features, int surplus) {
    int size = rows * features;
    double[] values = new Random(3).doubles(size + Math.max(0, surplus), -9, 99).toArray();
    if (surplus < 0) {
      values[size / 2] = Double.NaN;
    }
    double[] received = values.clone();
    double[] expected = new double[size];
    FeatureBatch batch = FeatureBatch.of(rows, features, values, null);
    normalization(batch).apply(received, expected, rows);
    RowsToCome come = RowsToCome.inPlace(normalization(batch), batch);
    boolean inPlace = come.before(0) == values;
    assertThat(inPlace).isEqualTo(surplus == 0);
    for (int behind : new int[] {1, 1, 3, rows / 2, rows / 3}) {
      double[] some = come.before(behind);
      assertThat(Arrays.copyOf(some, behind * features))
          .isEqualTo(Arrays.copyOf(expected, behind * features));
    }
    // what nobody asked for yet is as it was
    double[] last = Arrays.copyOfRange(come.before(0), size - features, size);
    assertThat(last)
        .isEqualTo(
            inPlace ? Arrays.copyOfRange(received, size - features, size) : new double[features]);
    assertThat(come.before(rows + 100)).isEqualTo(expected);
    assertThat(come.all()).isEqualTo(expected);
  }

  /// Rows may be put into a buffer before, in the middle of, and after what the array has.
  @ParameterizedTest
  @CsvSource({"1000, 1, 0", "333, 3, 0", "100, 64, 0", "7, 1500, 0", "100, 64, 5", "100, 64, -1"})
  void rowsPutIntoABufferHaveTheBitsOfAWholeBatch(int rows, int features, int surplus) {
    int size = rows * features;
    double[] values = new Random(3).doubles(size + Math.max(0, surplus), -9, 99).toArray();
    if (surplus < 0) {
      values[size / 2] = Double.NaN;
    }
    double[] received = values.clone();
    double[] expected = new double[size];
    FeatureBatch batch = FeatureBatch.of(rows, features, values, null);
    normalization(batch).apply(received, expected, rows);
    RowsToCome come = RowsToCome.inPlace(normalization(batch), batch);
    for (int row : new int[] {0, 2, rows / 2, 1, rows - 3, 0}) {
      assertThat(put(come, row, 3, features)).isEqualTo(part(expected, row, 3, features));
      assertThat(come.received()).isSameAs(values).isEqualTo(received);
    }
    come.before(3);
    // all in the array, some, none
    for (int row : new int[] {0, 2, 3, rows - 3}) {
      assertThat(put(come, row, 3, features)).isEqualTo(part(expected, row, 3, features));
    }
    assertThat(come.all()).isEqualTo(expected);
    assertThat(put(come, 0, rows, features)).isEqualTo(expected);
    assertThat(put(RowsToCome.made(expected), 1, 2, features))
        .isEqualTo(part(expected, 1, 2, features));
  }

  private static double[] part(double[] matrix, int row, int count, int features) {
    return Arrays.copyOfRange(matrix, row * features, (row + count) * features);
  }

  /// Through a buffer of the network that begins at an odd address.
  private static double[] put(RowsToCome come, int row, int count, int features) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(1 + count * features * Double.BYTES);
    ByteBuffer odd = bytes.position(1).slice().order(ByteOrder.LITTLE_ENDIAN);
    come.put(row, count, features, odd.asDoubleBuffer());
    double[] found = new double[count * features];
    odd.asDoubleBuffer().get(found);
    return found;
  }
}
