package io.evenkeel.codec.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampledColumnTest {
  private final SampledColumn column = new SampledColumn("age");

  @Test
  void numbersAloneMakeAFeatureWithoutGaps() {
    column.number();
    assertThat(column.why()).isEmpty();
    assertThat(column.hasGaps()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NA", "NaN", "null", "\\N"})
  void theUsualTextsForNothingAreGaps(String cell) {
    column.number();
    column.text(cell);
    assertThat(column.why()).isEmpty();
    assertThat(column.hasGaps()).isTrue();
    assertThat(column.marks()).isEmpty();
  }

  @Test
  void aQuestionMarkBesideNumbersIsAGapThatTheDefinitionMustName() {
    column.text("?");
    column.number();
    assertThat(column.why()).isEmpty();
    assertThat(column.hasGaps()).isTrue();
    assertThat(column.marks()).containsExactly("?");
  }

  @Test
  void aQuestionMarkWithoutNumbersIsText() {
    column.text("?");
    assertThat(column.why()).contains("text: '?'");
  }

  @Test
  void oneTextLeavesTheColumnOut() {
    column.number();
    column.text("setosa");
    column.text("virginica");
    assertThat(column.why()).contains("text: 'setosa'");
  }

  @Test
  void anEmptyColumnIsLeftOut() {
    column.missing();
    assertThat(column.why()).contains("empty: no row has a value");
  }

  @Test
  void aColumnWithoutNameIsAnIndex() {
    SampledColumn index = new SampledColumn("");
    index.number();
    assertThat(index.why()).contains("no name: an index");
  }
}
