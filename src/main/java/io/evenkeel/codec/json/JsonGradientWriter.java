package io.evenkeel.codec.json;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;
import java.util.List;

/// Writes `{"inputGradients", "gammaGradient", "betaGradient", "version"}`. Each row is an array or
/// object as it came; the gradient of a missing value is null.
final class JsonGradientWriter extends AnswerWriter {
  private final GradientAnswer answer;
  private final JsonRows rows;

  JsonGradientWriter(GradientAnswer answer) {
    super(answer.gradients().rows() + 1, (long) answer.features().size() * NUMBER);
    this.answer = answer;
    this.rows =
        new JsonRows(
            answer.features(),
            answer.gradients().inputGradients(),
            answer.shape().withoutExtras(),
            List.of());
  }

  @Override
  protected void write(int part, ByteSink out) {
    int count = answer.gradients().rows();
    if (part == 0) {
      out.text("{\"inputGradients\":[");
    }
    if (part < count) {
      if (part > 0) {
        out.put(',');
      }
      rows.write(part, out);
    } else {
      out.text("],\"gammaGradient\":");
      JsonRows.array(answer.gradients().gammaGradient(), out);
      out.text(",\"betaGradient\":");
      JsonRows.array(answer.gradients().betaGradient(), out);
      out.text(",\"version\":" + answer.version() + "}");
    }
  }
}
