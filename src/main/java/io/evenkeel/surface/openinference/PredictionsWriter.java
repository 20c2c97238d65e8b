package io.evenkeel.surface.openinference;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;

/// Writes `{"predictions":[[1.5,-0.5],[0.5,null]]}`, or the same rows as the `instances` of the
/// next model's request.
final class PredictionsWriter extends AnswerWriter {
  private final String member;
  private final int rows;
  private final int features;
  private final double[] values;

  /// @param member that holds the rows
  /// @param values `[N × D]`, row-major; NaN is a missing value
  PredictionsWriter(String member, int rows, int features, double[] values) {
    super(rows + 2, (long) features * NUMBER);
    this.member = member;
    this.rows = rows;
    this.features = features;
    this.values = values;
  }

  @Override
  protected void write(int part, ByteSink out) {
    if (part == 0) {
      out.text("{\"" + member + "\":[");
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
