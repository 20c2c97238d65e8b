package io.evenkeel.batchnorm.moments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Moments of rows that come in pieces are those of [FeatureMoments#of], to the bit.
class ArrivingMomentsTest {
  private static double[] matrix(int rows, int features, long seed) {
    return new Random(seed).doubles((long) rows * features, -3, 1000).toArray();
  }

  /// The rows come in pieces of random sizes. What has not come yet is rubbish.
  private static ArrivingMoments arriving(double[] x, int rows, int features, int most, long seed) {
    Random random = new Random(seed);
    ArrivingMoments moments = new ArrivingMoments(features);
    for (int come = 0; come < rows; come += random.nextInt(most + 1)) {
      double[] some = x.clone();
      Arrays.fill(some, come * features, x.length, 1e300);
      moments.advance(some, come);
    }
    return moments;
  }

  /// Around the rows side by side (4 of 64 features), the first blocks (1, 15, 240) and the
  /// largest.
  @ParameterizedTest
  @CsvSource({
    "64, 4, 1",
    "64, 5, 2",
    "64, 15, 3",
    "64, 16, 3",
    "64, 17, 5",
    "64, 255, 9",
    "64, 256, 40",
    "64, 257, 40",
    "64, 1279, 200",
    "64, 1280, 200",
    "64, 1281, 200",
    "64, 5000, 1500",
    "1, 256, 7",
    "1, 9001, 1000",
    "3, 85, 5",
    "3, 3000, 700",
    "200, 700, 90",
    "300, 1000, 33",
    "512, 300, 20",
    "64, 3000, 1"
  })
  void theyHaveTheBitsOfTheWholeBatch(int features, int rows, int most) {
    double[] x = matrix(rows, features, rows);
    FeatureMoments expected = FeatureMoments.of(FeatureBatch.of(rows, features, x, null));
    for (long seed = 1; seed <= 3; seed++) {
      assertThat(arriving(x, rows, features, most, seed).finish(x, rows)).contains(expected);
    }
  }

  @Test
  void rowsThatComeAtOnceNeedNoSteps() {
    double[] x = matrix(777, 64, 1);
    FeatureMoments expected = FeatureMoments.of(FeatureBatch.of(777, 64, x, null));
    ArrivingMoments moments = new ArrivingMoments(64);
    moments.advance(x, 777);
    assertThat(moments.finish(x, 777)).contains(expected);
  }

  /// Such a batch is no larger than one load of the lanes, and is read in no time.
  @Test
  void fewRowsHaveNone() {
    double[] x = matrix(3, 64, 1);
    ArrivingMoments moments = new ArrivingMoments(64);
    moments.advance(x, 3);
    assertThat(moments.finish(x, 3)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aValueThatIsNotFiniteIsFoundWhereverItStands(double value) {
    int rows = 300;
    for (int at = 0; at < rows * 64; at += 61) {
      double[] x = matrix(rows, 64, 1);
      x[at] = value;
      ArrivingMoments moments = new ArrivingMoments(64);
      for (int come = 0; come <= rows; come += 50) {
        moments.advance(x, come);
      }
      assertThat(moments.finish(x, rows)).as("at %s", at).isEmpty();
    }
  }

  @Test
  void onlyRowsOfOneStripCanBeFollowed() {
    assertThat(ArrivingMoments.canFollow(0)).isFalse();
    assertThat(ArrivingMoments.canFollow(1)).isTrue();
    assertThat(ArrivingMoments.canFollow(512)).isTrue();
    assertThat(ArrivingMoments.canFollow(513)).isFalse();
  }
}
