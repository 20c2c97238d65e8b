package io.evenkeel.codec;

/// `{"inputGradients", "gammaGradient", "betaGradient", "version"}`: each row as the array or
/// object that it came as, null where its value is missing.
final class JsonGradientWriter extends AnswerWriter {
  private final GradientAnswer answer;
  private final JsonRows rows;

  JsonGradientWriter(GradientAnswer answer) {
    super(answer.gradients().rows() + 1);
    this.answer = answer;
    this.rows = new JsonRows(answer.features(), answer.gradients().inputGradients());
  }

  @Override
  void write(int part, ByteSink out) {
    int count = answer.gradients().rows();
    if (part == 0) {
      out.text("{\"inputGradients\":[");
    }
    if (part < count) {
      if (part > 0) {
        out.put(',');
      }
      rows.write(part, answer.shape().objects().get(part), out);
    } else {
      out.text("],\"gammaGradient\":");
      JsonRows.numbers(answer.gradients().gammaGradient(), out);
      out.text(",\"betaGradient\":");
      JsonRows.numbers(answer.gradients().betaGradient(), out);
      out.text(",\"version\":" + answer.version() + "}");
    }
  }
}
