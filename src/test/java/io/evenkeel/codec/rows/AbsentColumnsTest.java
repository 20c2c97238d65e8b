package io.evenkeel.codec.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Reception;
import io.evenkeel.normalizer.definition.Untrained;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Features for which a table has no column.
class AbsentColumnsTest {
  private static final BitSet B = BitSet.valueOf(new long[] {2});

  private static AbsentColumns columns(BitSet came, Absent rule, BodyMembers members) {
    NormalizerDefinition d = Definitions.named(MissingValues.IGNORE, "age", "b", "c");
    NormalizerDefinition definition =
        new NormalizerDefinition(
            d.preset(),
            d.features(),
            d.averaging(),
            d.runningVariance(),
            d.training(),
            d.minimumBatchRows(),
            d.rules(),
            d.affine(),
            new Reception(Extra.REJECT, rule, List.of(), Untrained.REFUSE),
            Optional.empty());
    ReadOptions options =
        new ReadOptions(Extra.KEEP, Optional.empty(), NumberType.FLOAT64, members);
    return AbsentColumns.of(came, List.of("id", "Age"), "#/header", definition, options);
  }

  @Test
  void eachAbsentFeatureIsAFaultThatNamesTheNearestColumn() {
    AbsentColumns absent = columns(B, Absent.REJECT, BodyMembers.BATCH);
    assertThat(absent.faults().first())
        .extracting(Fault::pointer, Fault::code, Fault::detail)
        .satisfiesExactly(
            age ->
                assertThat(age.toList())
                    .containsExactly(
                        "#/header",
                        "missing-column",
                        "There is no column 'age'; did you mean 'Age'?"),
            c -> assertThat(c.toList()).startsWith("#/header", "missing-column"));
  }

  @Test
  void absentFeaturesAreMissingOrZeroInEachRow() {
    double[] values = {7, Double.NaN, Double.NaN, Double.NaN};
    columns(B, Absent.MISSING, BodyMembers.BATCH).fill(values, 1);
    assertThat(values).containsExactly(7, Double.NaN, Double.NaN, Double.NaN);
    AbsentColumns zero = columns(B, Absent.ZERO, BodyMembers.BATCH);
    assertThat(zero.faults().isEmpty()).isTrue();
    zero.fill(values, 1);
    assertThat(values).containsExactly(7, 0, Double.NaN, 0);
  }

  /// Otherwise each of its rows would be told of, too: that its value is missing.
  @Test
  void anAbsentFeatureWithAFaultBreaksNoOtherRule() {
    double[] values = {Double.NaN, Double.NaN, Double.NaN};
    columns(B, Absent.REJECT, BodyMembers.BATCH).fill(values, 0);
    assertThat(values).containsExactly(0, Double.NaN, 0);
  }

  @Test
  void rowsToBeInvertedMayLackFeaturesWhateverTheDefinitionSays() {
    for (Absent rule : Absent.values()) {
      AbsentColumns absent = columns(B, rule, BodyMembers.ANSWERS);
      assertThat(absent.faults().isEmpty()).isTrue();
      assertThat(absent.features().stream()).containsExactly(0, 2);
      double[] values = {Double.NaN, Double.NaN, Double.NaN};
      absent.fill(values, 0);
      assertThat(values).containsOnly(Double.NaN);
    }
  }

  @Test
  void rowsToBeInvertedMustHaveAFeature() {
    AbsentColumns absent = columns(new BitSet(), Absent.MISSING, BodyMembers.ANSWERS);
    assertThat(absent.faults().count()).isEqualTo(3);
  }

  @Test
  void aTableWithEveryFeatureLacksNothing() {
    BitSet all = BitSet.valueOf(new long[] {7});
    assertThat(columns(all, Absent.REJECT, BodyMembers.BATCH)).isSameAs(AbsentColumns.NONE);
    assertThat(Absence.of(AbsentColumns.NONE).isNone()).isTrue();
  }
}
