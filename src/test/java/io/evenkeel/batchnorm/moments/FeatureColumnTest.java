package io.evenkeel.batchnorm.moments;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Numbers of features as a value, one number alone where that is enough.
class FeatureColumnTest {

  @Test
  void theSameNumberForAllFeaturesIsOneNumberAlone() {
    FeatureColumn column = FeatureColumn.of(7.5, 7.5, 7.5);
    assertThat(column.isSame()).isTrue();
    assertThat(column.features()).isEqualTo(3);
    assertThat(column.get(2)).isEqualTo(7.5);
    assertThat(column.toArray()).containsExactly(7.5, 7.5, 7.5);
    assertThat(column).isEqualTo(FeatureColumn.filled(3, 7.5));
    assertThat(column).hasSameHashCodeAs(FeatureColumn.filled(3, 7.5));
    assertThat(column).isNotEqualTo(FeatureColumn.filled(2, 7.5));
  }

  @Test
  void differentNumbersAreKeptOneByOne() {
    FeatureColumn column = FeatureColumn.of(1, 1, 2);
    assertThat(column.isSame()).isFalse();
    assertThat(column.features()).isEqualTo(3);
    assertThat(column.get(1)).isEqualTo(1);
    assertThat(column.get(2)).isEqualTo(2);
    assertThat(column.toArray()).containsExactly(1, 1, 2);
    assertThat(column).isEqualTo(FeatureColumn.of(1, 1, 2));
    assertThat(column).hasSameHashCodeAs(FeatureColumn.of(1, 1, 2));
    assertThat(column).isNotEqualTo(FeatureColumn.of(1, 2, 2));
  }

  /// 0 and −0 are equal numbers with other bits, and the bits are what is stored.
  @Test
  void zerosOfBothSignsAreNotTheSame() {
    FeatureColumn column = FeatureColumn.of(0.0, -0.0);
    assertThat(column.isSame()).isFalse();
    assertThat(1 / column.get(1)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(1 / FeatureColumn.of(-0.0, -0.0).toArray()[1]).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(FeatureColumn.filled(2, -0.0)).isNotEqualTo(FeatureColumn.filled(2, 0.0));
  }

  @Test
  void whatIsCopiedCanBeWrittenTo() {
    FeatureColumn each = FeatureColumn.of(1, 2);
    each.toArray()[0] = 9;
    assertThat(each.get(0)).isEqualTo(1);
    FeatureColumn same = FeatureColumn.of(1, 1);
    same.toArray()[0] = 9;
    assertThat(same.get(0)).isEqualTo(1);
  }

  @Test
  void noFeatureHasNoNumber() {
    assertThat(FeatureColumn.filled(0, 7)).isEqualTo(FeatureColumn.of());
    assertThat(FeatureColumn.filled(0, 7).isSame()).isFalse();
    assertThat(FeatureColumn.of().toArray()).isEmpty();
  }

  @Test
  void whatAColumnIsFilledWithIsToldToTheBit() {
    assertThat(FeatureColumn.of(1, 1).isFilledWith(1)).isTrue();
    assertThat(FeatureColumn.of(1, 2).isFilledWith(1)).isFalse();
    assertThat(FeatureColumn.of(-0.0).isFilledWith(0)).isFalse();
    assertThat(FeatureColumn.of().isFilledWith(0)).isTrue();
  }

  /// By hand: 2 rows of weight 1 each, so W = 2 and F = 1 for every feature; mean 2, M2 = 1 + 1.
  @Test
  void momentsOfWholeRowsHoldOneCount() {
    FeatureMoments moments = FeatureMoments.of(FeatureBatch.of(2, 1, 10, 3, 20));
    FeatureMoments twice = moments.plus(moments);
    for (FeatureMoments each : new FeatureMoments[] {moments, twice}) {
      assertThat(each.weight.isSame()).isTrue();
      assertThat(each.freedom.isSame()).isTrue();
    }
    assertThat(moments.weight(1)).isEqualTo(2);
    assertThat(twice.freedom(1)).isEqualTo(3);
    assertThat(moments.mean(0)).isEqualTo(2);
    assertThat(moments.m2(0)).isEqualTo(2);
  }
}
