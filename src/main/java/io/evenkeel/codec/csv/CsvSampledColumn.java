package io.evenkeel.codec.csv;

import io.evenkeel.codec.sample.SampledColumn;
import io.evenkeel.fault.Excerpt;

/// A column of a sample, and what its texts tell of the dialect.
final class CsvSampledColumn {
  private final SampledColumn sampled;
  private String firstText = "";
  private boolean beginsWithText;
  private boolean numbers;
  private int texts;
  private int decimalCommas;

  /// @param name empty if the column has none
  CsvSampledColumn(String name) {
    this.sampled = new SampledColumn(name);
  }

  SampledColumn sampled() {
    return sampled;
  }

  String name() {
    return sampled.name();
  }

  void number() {
    numbers = true;
    sampled.number();
  }

  void missing() {
    sampled.missing();
  }

  void text(String text, int row) {
    if (texts == 0) {
      firstText = Excerpt.of(text);
      beginsWithText = row == 0;
    }
    texts++;
    if (LikelyDialect.hasDecimalComma(text)) {
      decimalCommas++;
    }
    sampled.text(text);
  }

  String firstText() {
    return firstText;
  }

  boolean beginsWithText() {
    return beginsWithText;
  }

  /// Whether the first cell is text, and all others are numbers or nothing.
  boolean isNumbersBelowText() {
    return beginsWithText && texts == 1 && numbers;
  }

  /// Whether most of the texts are numbers with a decimal comma.
  boolean hasDecimalCommas() {
    return 2 * decimalCommas > texts;
  }
}
