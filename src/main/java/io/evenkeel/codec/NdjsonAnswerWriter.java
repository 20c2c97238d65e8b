package io.evenkeel.codec;

/// Rows as JSON, one a line.
final class NdjsonAnswerWriter extends AnswerWriter {
  private final JsonRows rows;

  NdjsonAnswerWriter(BatchAnswer answer, RowShape shape) {
    super(answer.rows(), (long) answer.features().size() * JsonRows.NUMBER);
    this.rows = new JsonRows(answer.features(), answer.values(), shape, answer.skipped());
  }

  @Override
  void write(int part, ByteSink out) {
    rows.write(part, out);
    out.put('\n');
  }
}
