package io.evenkeel.codec.json;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.RowShape;

/// Writes rows as JSON, one a line.
public final class NdjsonAnswerWriter extends AnswerWriter {
  private final JsonRows rows;
  private final int count;
  private final int together;

  public NdjsonAnswerWriter(BatchAnswer answer, RowShape shape) {
    super(
        Math.ceilDiv(answer.rows(), JsonRows.together(answer)),
        (long) answer.features().size() * JsonRows.together(answer) * NUMBER);
    this.rows = new JsonRows(answer.features(), answer.values(), shape, answer.skipped());
    this.count = answer.rows();
    this.together = JsonRows.together(answer);
  }

  @Override
  protected void write(int part, ByteSink out) {
    int from = part * together;
    rows.write(from, Math.min(count, from + together), '\n', out);
    out.put('\n');
  }
}
