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
    assertThat(column.why()).contains("text: 'setosa' in 2 of 3 rows");
  }

  @Test
  void gapsCountAmongTheRowsOfAShare() {
    for (int i = 0; i < 48; i++) {
      column.number();
    }
    column.missing(1);
    column.text("?");
    column.text("1,000");
    assertThat(column.why()).contains("text: '1,000' in 1 of 51 rows");
  }

  @ParameterizedTest
  @ValueSource(strings = {"n.a.", "N.A.", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!"})
  void whatSpreadsheetsWriteForNoNumberIsAGap(String cell) {
    column.text(cell);
    column.number();
    assertThat(column.why()).isEmpty();
    assertThat(column.marks()).containsExactly(cell);
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
