package io.evenkeel.batchnorm.moments;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Closeness;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A window over the last batches: against the same batches pooled anew, and against itself after
/// it was stored.
class MomentsWindowTest {
  private static FeatureBatch batch(Random random, double offset) {
    double[] values = new double[2 * (1 + random.nextInt(6))];
    Arrays.setAll(
        values, _ -> random.nextInt(7) == 0 ? Double.NaN : offset + random.nextGaussian());
    return FeatureBatch.of(2, values);
  }

  private static FeatureBatch joined(Iterable<FeatureBatch> batches) {
    List<Double> all = new ArrayList<>();
    for (FeatureBatch batch : batches) {
      for (double value : batch.values()) {
        all.add(value);
      }
    }
    return FeatureBatch.of(2, all.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /// Source: exact rational arithmetic over the rows that are in the window.
  @ParameterizedTest
  @CsvSource({
    "1, SLIDING", "2, SLIDING", "3, SLIDING", "7, SLIDING", "100, SLIDING",
    "1, TUMBLING", "2, TUMBLING", "3, TUMBLING", "7, TUMBLING", "100, TUMBLING"
  })
  void holdsTheRowsOfItsBatchesAndOfNoOther(int batches, WindowKind kind) {
    Random random = new Random(batches);
    Deque<FeatureBatch> expected = new ArrayDeque<>();
    MomentsWindow window = MomentsWindow.empty(batches, kind, 2, 0);
    for (int i = 0; i < 60; i++) {
      // an outlier now and then, which must leave nothing behind
      FeatureBatch next = batch(random, i % 13 == 5 ? 1e12 : 1e6);
      if (expected.size() == batches) {
        if (kind == WindowKind.SLIDING) {
          expected.removeFirst();
        } else {
          expected.clear();
        }
      }
      expected.addLast(next);
      window = window.plus(FeatureMoments.of(next));
      assertThat(window.size()).isEqualTo(expected.size());
      check(window.pooled(), joined(expected));
    }
  }

  private static void check(FeatureMoments pooled, FeatureBatch rows) {
    for (int j = 0; j < 2; j++) {
      ExactMoments exact = ExactMoments.of(rows, j);
      assertThat(pooled.weight(j)).isEqualTo(exact.weight().doubleValue());
      if (pooled.weight(j) > 0) {
        double variance = exact.variance();
        Closeness.within(2e-15, 0).check("mean", pooled.mean(j), exact.mean().doubleValue());
        Closeness.within(1e-12, 0)
            .check("variance", pooled.variance(j, VarianceEstimator.BIASED), variance);
        assertThat(pooled.min(j)).isEqualTo(exact.min());
        assertThat(pooled.max(j)).isEqualTo(exact.max());
      }
    }
  }

  /// At every length, front and back as they happen to be: the same bits, then and ever after.
  @ParameterizedTest
  @CsvSource({"1, SLIDING", "3, SLIDING", "8, SLIDING", "3, TUMBLING", "8, TUMBLING"})
  void isTheSameToTheLastBitAfterItWasStored(int batches, WindowKind kind) {
    Random random = new Random(11);
    MomentsWindow untouched = MomentsWindow.empty(batches, kind, 2, 0);
    MomentsWindow stored = untouched;
    for (int i = 0; i < 40; i++) {
      FeatureMoments next = FeatureMoments.of(batch(random, 1e9));
      untouched = untouched.plus(next);
      stored = restored(stored.plus(next));
      assertThat(stored.pooled()).isEqualTo(untouched.pooled());
      assertThat(stored.ordinals()).isEqualTo(untouched.ordinals());
      assertThat(stored.inFront()).isEqualTo(untouched.inFront());
      assertThat(stored.next()).isEqualTo(i + 1L);
    }
  }

  private static MomentsWindow restored(MomentsWindow window) {
    List<FeatureMoments> entries = new ArrayList<>();
    window.forEach(window.ordinals(), (_, moments) -> entries.add(moments));
    return MomentsWindow.empty(window.batches(), window.kind(), 2, window.next())
        .of(entries, window.ordinals(), window.inFront());
  }

  /// Only those that are asked for, the oldest first, wherever the window was turned meanwhile.
  @Test
  void handsOverWhatIsAskedFor() {
    MomentsWindow window = MomentsWindow.empty(4, WindowKind.SLIDING, 1, 0);
    for (int i = 0; i < 11; i++) {
      window = window.plus(FeatureMoments.of(FeatureBatch.of(1, i, i)));
      for (long from = 0; from <= window.next(); from++) {
        List<Long> ordinals = new ArrayList<>();
        window.forEach(
            Ordinals.of(from, window.next()),
            (ordinal, moments) -> {
              ordinals.add(ordinal);
              assertThat(moments.mean(0)).isEqualTo((double) ordinal);
            });
        long first = Math.max(from, window.next() - window.size());
        assertThat(ordinals)
            .containsExactlyElementsOf(LongStream.range(first, window.next()).boxed().toList());
      }
    }
  }

  /// Of two windows that share batches each goes on by itself.
  @Test
  void batchesKeepTheirOrdinalsWhenAnotherWindowGoesOnFromThem() {
    FeatureMoments some = FeatureMoments.of(FeatureBatch.of(1, 1, 2));
    MomentsWindow kept = MomentsWindow.empty(3, WindowKind.SLIDING, 1, 0).plus(some).plus(some);
    MomentsWindow moved = kept.plus(some).plus(some);
    MomentsWindow back = kept.followedBy(moved.next()).plus(some);
    assertThat(kept.ordinals()).isEqualTo(Ordinals.of(0, 2));
    assertThat(moved.ordinals()).isEqualTo(Ordinals.of(1, 4));
    assertThat(back.ordinals()).isEqualTo(Ordinals.of(0, 2).plus(Ordinals.of(4, 5)));
    assertThat(back.plus(some).ordinals()).isEqualTo(Ordinals.of(1, 2).plus(Ordinals.of(4, 6)));
  }

  @Test
  void isEmptyBeforeAnyBatchAndWhereItWasEmptied() {
    MomentsWindow window = MomentsWindow.empty(2, WindowKind.SLIDING, 1, 5);
    assertThat(window.pooled()).isEqualTo(FeatureMoments.none(1));
    MomentsWindow emptied = window.plus(FeatureMoments.of(FeatureBatch.of(1, 1, 2))).emptied();
    assertThat(emptied.size()).isZero();
    assertThat(emptied.ordinals()).isEqualTo(Ordinals.NONE);
    assertThat(emptied.next()).isEqualTo(6);
  }

  /// Exact by hand: 1, 3 have left, 5, 9 are there; the extremes are of all time, the rest is not.
  @Test
  void statisticsOfAWindowForgetButForTheExtremes() {
    RunningStatistics statistics =
        new Averaging.Window(1, WindowKind.SLIDING).start(1, VarianceEstimator.UNBIASED);
    assertThat(statistics.meanAndVariance().variance(0)).isEqualTo(1);
    statistics = statistics.after(BatchMoments.of(FeatureBatch.of(1, 1, 3)));
    statistics = statistics.after(BatchMoments.of(FeatureBatch.of(1, 5, 9)));
    assertThat(statistics.meanAndVariance().mean(0)).isEqualTo(7);
    assertThat(statistics.meanAndVariance().variance(0)).isEqualTo(8);
    assertThat(statistics.count(0)).isEqualTo(2);
    assertThat(statistics.min(0)).isEqualTo(1);
    assertThat(statistics.max(0)).isEqualTo(9);
    statistics = statistics.after(BatchMoments.of(FeatureBatch.of(1, Double.NaN)));
    assertThat(statistics.meanAndVariance().mean(0)).isZero();
    assertThat(statistics.meanAndVariance().variance(0)).isEqualTo(1);
    assertThat(statistics.count(0)).isZero();
    assertThat(statistics.max(0)).isEqualTo(9);
  }
}
