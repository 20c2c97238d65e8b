package io.evenkeel.codec.json;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.RowShape;

/// Writes rows as JSON, one a line.
public final class NdjsonAnswerWriter extends AnswerWriter {
  private final JsonRows rows;

  public NdjsonAnswerWriter(BatchAnswer answer, RowShape shape) {
    super(answer.rows(), (long) answer.features().size() * NUMBER);
    this.rows = new JsonRows(answer.features(), answer.values(), shape, answer.skipped());
  }

  @Override
  protected void write(int part, ByteSink out) {
    rows.write(part, out);
    out.put('\n');
  }
}
