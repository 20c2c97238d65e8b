package io.evenkeel.codec;

import io.evenkeel.normalizer.Features;

/// Rows `[N × D]` as JSON arrays or objects, null where a value is missing (NaN).
final class JsonRows {
  private final Features features;
  private final double[] values;

  JsonRows(Features features, double[] values) {
    this.features = features;
    this.values = values;
  }

  /// Writes a row.
  ///
  /// @param named as an object by feature name rather than an array
  void write(int row, boolean named, ByteSink out) {
    if (named) {
      out.put('{');
      members(row, out);
      out.put('}');
    } else {
      array(row, out);
    }
  }

  /// The members of a row, without the braces.
  void members(int row, ByteSink out) {
    for (int j = 0; j < features.size(); j++) {
      if (j > 0) {
        out.put(',');
      }
      out.quoted(features.name(j)).put(':');
      number(values[row * features.size() + j], out);
    }
  }

  private void array(int row, ByteSink out) {
    out.put('[');
    for (int j = 0; j < features.size(); j++) {
      if (j > 0) {
        out.put(',');
      }
      number(values[row * features.size() + j], out);
    }
    out.put(']');
  }

  /// An array of numbers.
  static void numbers(double[] numbers, ByteSink out) {
    out.put('[');
    for (int j = 0; j < numbers.length; j++) {
      if (j > 0) {
        out.put(',');
      }
      number(numbers[j], out);
    }
    out.put(']');
  }

  /// A number, or null for NaN.
  static void number(double x, ByteSink out) {
    if (Double.isNaN(x)) {
      out.text("null");
    } else {
      out.number(x);
    }
  }
}
