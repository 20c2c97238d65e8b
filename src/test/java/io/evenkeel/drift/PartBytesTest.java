package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;

/// Parts as bytes, and what becomes of them when they are added.
class PartBytesTest {
  /// Python 3 by the table in the documentation: `struct.pack('<BiB', 2, 1, 103)`, `'<4q', 300, 3,
  /// 250, 200`, `'<i', 5`, `'<3d', 0.2, 64, 48`, `'<if', 4, 0.25`, the five pairs of floats,
  /// `'<2I', 20, 7`, `'<f', 150`, a sum of 100 with a quarter of it in the 8th bin and the rest in
  /// the 9th, 0 and 16 zeros, and the CRC32C.
  private static final String GOLDEN =
      "0201000000672c010000000000000300000000000000fa00000000000000c800000000000000050000009a99"
          + "99999999c93f00000000000050400000000000004840040000000000803e0000003f0000003e0000c03f0000"
          + "00400000403f0000803e0000803d0000003f0000803e0000403f1400000007000000000016430000c8420000"
          + "0000000000000000000000000040ffbf00000000000000000000000000000000000000000000000000000000"
          + "00000000000000000000000000000000000000000000e3f8e71f";

  private static final String FIRST_LAYOUT =
      "0101000000272c010000000000000300000000000000fa00000000000000c800000000000000050000009a99"
          + "99999999c93f00000000000050400000000000004840040000000000803e0000003f0000003e0000c03f0000"
          + "00400000803d0000003f0000803e0000403f14000000070000000000c8420000000000000000000000000000"
          + "0040ffbf00000000000000000000000000000000000000000000000000000000000000000000000000000000"
          + "000000000000000000008ef54a24";

  private final SimulatedRows rows = new SimulatedRows(1, 0, 0.05, 1);
  private final Reference reference = new Reference(rows.trained(10, 100));

  private static Part golden(Reference reference) {
    Map<Measure, GroupSeries> series =
        Map.of(
            Measure.MEAN, series(0.5, 0.125),
            Measure.VARIANCE, series(1.5, 2),
            Measure.ABSOLUTE_DEVIATION, series(0.75, 0.25),
            Measure.MISSING, series(0.0625, 0.5),
            Measure.ZERO, series(0.25, 0.75));
    Levels levels = new Levels(reference, series::get);
    levels.restoreAll(5, 250, 0.2);
    levels.restore(0, 4, 0.25);
    FeatureCounts expected = new FeatureCounts(reference);
    expected.restore(200);
    expected.counts(Measure.MISSING)[0] = 20;
    expected.counts(Measure.ZERO)[0] = 7;
    expected.deviations()[0] = 150;
    float[] bins = new float[Histogram.BINS];
    bins[7] = 25;
    bins[8] = 75;
    return new Part(
        300, 3, levels, expected, new Histogram(bins, new float[Histogram.BINS], 64, 48));
  }

  private static GroupSeries series(double level, double scatter) {
    return new GroupSeries(new double[] {level}, new double[] {scatter});
  }

  @Test
  void theLayoutIsThatOfTheTable() throws DataFormatException {
    byte[] bytes = PartBytes.encode(golden(reference), reference);
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(GOLDEN);
    assertThat(bytes).hasSize((int) PartBytes.length(reference));
    Part read = PartBytes.decode(bytes, reference);
    assertThat(HexFormat.of().formatHex(PartBytes.encode(read, reference))).isEqualTo(GOLDEN);
  }

  /// Each bit of each byte.
  @Test
  void damagedBytesAreRefused() {
    byte[] bytes = HexFormat.of().parseHex(GOLDEN);
    for (int i = 0; i < bytes.length * 8; i++) {
      byte[] damaged = bytes.clone();
      damaged[i / 8] ^= (byte) (1 << i % 8);
      assertThatThrownBy(() -> PartBytes.decode(damaged, reference))
          .isInstanceOf(DataFormatException.class);
    }
    assertThatThrownBy(() -> PartBytes.decode(new byte[0], reference))
        .isInstanceOf(DataFormatException.class);
  }

  /// Sound bytes of numbers that no comparison has: more groups of a feature than groups.
  @Test
  void numbersThatCannotBeAreRefused() {
    Part part = golden(reference);
    part.levels().restore(0, 6, 0.25);
    byte[] bytes = PartBytes.encode(part, reference);
    assertThatThrownBy(() -> PartBytes.decode(bytes, reference))
        .isInstanceOf(DataFormatException.class)
        .hasMessage("a feature has too many groups");
  }

  /// The golden bytes of the layout before this one, as a replica of an earlier release writes
  /// them.
  @Test
  void aPartOfAnotherLayoutIsRefused() {
    byte[] first = HexFormat.of().parseHex(FIRST_LAYOUT);
    assertThatThrownBy(() -> PartBytes.decode(first, reference))
        .isInstanceOf(DataFormatException.class);
  }

  /// No 200 rows have deviations of more than 3 each.
  @Test
  void deviationsThatCannotBeAreRefused() {
    Part part = golden(reference);
    part.expected().deviations()[0] = 601;
    byte[] bytes = PartBytes.encode(part, reference);
    assertThatThrownBy(() -> PartBytes.decode(bytes, reference))
        .isInstanceOf(DataFormatException.class)
        .hasMessage("deviations are too large");
  }

  @Test
  void aPartOfOtherFeaturesIsRefused() {
    Reference other = new Reference(new SimulatedRows(2, 0, 0, 1).trained(1, 100));
    assertThatThrownBy(() -> PartBytes.decode(HexFormat.of().parseHex(GOLDEN), other))
        .isInstanceOf(DataFormatException.class);
  }

  /// Eight batches of 50 rows: what one watch says that sees all of them, two say that see four
  /// each. Counts are equal; levels and bins are as exact as their bytes. By hand for the level:
  /// the mean of eight groups is that of two means of four.
  @Test
  void twoHalvesSayWhatTheWholeSays() throws DataFormatException {
    Standing standing = rows.trained(100, 100);
    Watch whole = new Watch(new Reference(standing), 200, 0);
    Watch first = new Watch(new Reference(standing), 100, 0);
    Watch second = new Watch(new Reference(standing), 100, 0);
    for (int i = 0; i < 8; i++) {
      BatchSums batch = BatchSums.of(rows.batch(50), whole.reference());
      whole.add(batch, 0);
      (i % 2 == 0 ? first : second).add(batch, 0);
    }
    Part part =
        PartBytes.decode(
            second.shown(shown -> PartBytes.encode(shown, second.reference())), first.reference());
    first.take(Map.of(new UUID(0, 1), part), Duration.ZERO, 0);
    DriftReport.Compared both = first.report(0, 10, _ -> true);
    DriftReport.Compared all = whole.report(0, 10, _ -> true);
    assertThat(List.of(both.rows(), both.batches(), (long) both.groups(), both.referenceRows()))
        .isEqualTo(List.of(all.rows(), all.batches(), (long) all.groups(), all.referenceRows()))
        .isEqualTo(List.of(400L, 8L, 8L, 200L));
    FeatureDrift ours = both.features().getFirst();
    FeatureDrift theirs = all.features().getFirst();
    assertThat(ours.mean().value()).isCloseTo(theirs.mean().value(), within(1e-7));
    assertThat(ours.rates().get(Measure.MISSING).live())
        .isCloseTo(theirs.rates().get(Measure.MISSING).live(), within(1e-7));
    assertThat(ours.rates().get(Measure.MISSING).reference())
        .isEqualTo(theirs.rates().get(Measure.MISSING).reference());
    assertThat(ours.deviation().live()).isCloseTo(theirs.deviation().live(), within(1e-7));
    assertThat(ours.deviation().reference())
        .isCloseTo(theirs.deviation().reference(), within(1e-6));
    assertThat(ours.mean().error()).isCloseTo(theirs.mean().error(), within(0.03));
    assertThat(ours.kolmogorovSmirnov()).isBetween(0.0, 0.2);
  }

  /// By hand: (11/12)⁵ after five groups of the other one, and all at once after a new one.
  @Test
  void aPartWithoutNewGroupsFallsBehind() throws DataFormatException {
    Part part = golden(reference);
    Map<UUID, Part> parts = Map.of(new UUID(0, 1), part);
    Others begun = Others.NONE.next(parts, 10, Duration.ZERO);
    assertThat(begun.parts().getFirst().factor()).isEqualTo(1);
    assertThat(begun.memory()).isEqualTo(6);
    Others later = begun.next(parts, 15, Duration.ZERO);
    assertThat(later.parts().getFirst().factor()).isCloseTo(Math.pow(11 / 12.0, 5), within(1e-15));
    assertThat(later.ownFactor()).isEqualTo(1);
    part.levels().restoreAll(6, 300, 0.2);
    Others again = later.next(parts, 15, Duration.ZERO);
    assertThat(again.parts().getFirst().factor()).isEqualTo(1);
    assertThat(again.ownFactor()).isCloseTo(11 / 12.0, within(1e-15));
    assertThat(again.next(Map.of(), 15, Duration.ZERO).memory()).isEqualTo(12);
    assertThat(Optional.of(again).map(Others::count)).contains(1);
  }

  /// As after an outage: the own part is left, with what is left of the reference of the rates.
  @Test
  void withoutOthersAWatchFallsBackToItsOwnPart() {
    Watch watch = new Watch(reference, 300, 0);
    watch.add(BatchSums.of(rows.batch(100), reference), 0);
    watch.take(Map.of(new UUID(0, 1), golden(reference)), Duration.ofSeconds(4), 0);
    assertThat(watch.report(0, 10, _ -> true).rows()).isEqualTo(400);
    assertThat(watch.report(0, 10, _ -> true).referenceRows()).isEqualTo(300);
    watch.take(Map.of(), Duration.ZERO, 0);
    assertThat(watch.report(0, 10, _ -> true).rows()).isEqualTo(100);
    watch.add(BatchSums.of(rows.batch(100), reference), 0);
    DriftReport.Compared alone = watch.report(0, 10, _ -> true);
    assertThat(alone.referenceRows()).isEqualTo(100);
    assertThat(alone.features().getFirst().rates().get(Measure.ZERO).reference()).isEqualTo(0);
  }
}
