package io.evenkeel.surface.openinference;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;

/// Writes `{"predictions":[[1.5,-0.5],[0.5,null]]}`.
final class PredictionsWriter extends AnswerWriter {
  private final int rows;
  private final int features;
  private final double[] values;

  /// @param values `[N × D]`, row-major; NaN is a missing value
  PredictionsWriter(int rows, int features, double[] values) {
    super(rows + 2, (long) features * NUMBER);
    this.rows = rows;
    this.features = features;
    this.values = values;
  }

  @Override
  protected void write(int part, ByteSink out) {
    if (part == 0) {
      out.text("{\"predictions\":[");
    } else if (part > rows) {
      out.text("]}");
    } else {
      int from = (part - 1) * features;
      out.text(part == 1 ? "[" : ",[");
      out.numbers(values, from, from + features);
      out.put(']');
    }
  }
}
