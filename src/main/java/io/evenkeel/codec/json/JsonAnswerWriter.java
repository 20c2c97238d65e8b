package io.evenkeel.codec.json;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.fault.Wire;

/// Writes `{"normalizer", "mode", "outcome", "version", "rows" or "columns"}`. Each row is an array
/// or object as it came; a missing value is null, and so is a skipped row.
public final class JsonAnswerWriter extends AnswerWriter {
  /// How many numbers of a column are one part, so that pieces of columns are as short as others.
  private static final int RUN = 1 << 13;

  private final BatchAnswer answer;
  private final RowShape shape;
  private final JsonRows rows;

  public JsonAnswerWriter(BatchAnswer answer, RowShape shape) {
    super(
        2 + parts(answer, shape),
        NUMBER
            * (shape.columnar()
                ? Math.min(RUN, answer.rows())
                : (long) JsonRows.together(answer) * answer.features().size()));
    this.answer = answer;
    this.shape = shape;
    this.rows = new JsonRows(answer.features(), answer.values(), shape, answer.skipped());
  }

  private static int parts(BatchAnswer answer, RowShape shape) {
    return shape.columnar()
        ? columns(answer, shape)
        : Math.ceilDiv(answer.rows(), JsonRows.together(answer));
  }

  private static int columns(BatchAnswer answer, RowShape shape) {
    return answer.features().size() * runs(answer) + shape.columns().size();
  }

  private static int runs(BatchAnswer answer) {
    return Math.max(1, Math.ceilDiv(answer.rows(), RUN));
  }

  @Override
  protected void write(int part, ByteSink out) {
    int count = parts(answer, shape);
    if (part == 0) {
      head(out);
    } else if (part > count) {
      out.text(shape.columnar() ? "}}" : "]}");
    } else {
      boolean goesOn = shape.columnar() && runOf(part - 1) > 0;
      if (part > 1 && !goesOn) {
        out.put(',');
      }
      if (shape.columnar()) {
        column(part - 1, out);
      } else {
        int together = JsonRows.together(answer);
        int from = (part - 1) * together;
        rows.write(from, Math.min(answer.rows(), from + together), ',', out);
      }
    }
  }

  private void head(ByteSink out) {
    out.text("{\"normalizer\":").quoted(answer.normalizer().value());
    out.text(",\"mode\":").quoted(Wire.word(answer.mode()));
    out.text(",\"outcome\":").quoted(Wire.word(answer.outcome()));
    out.text(",\"version\":" + answer.version());
    answer.appliedVersion().ifPresent(version -> out.text(",\"appliedVersion\":" + version));
    JsonRows.skipped(answer.skipped(), 0, out);
    out.text(shape.columnar() ? ",\"columns\":{" : ",\"rows\":[");
  }

  private void column(int index, ByteSink out) {
    if (index < shape.columns().size()) {
      Column extra = shape.columns().get(index);
      out.quoted(extra.name()).put(':').text(extra.values().getFirst());
      return;
    }
    int feature = (index - shape.columns().size()) / runs(answer);
    int from = runOf(index) * RUN;
    int to = Math.min(answer.rows(), from + RUN);
    if (from == 0) {
      out.quoted(answer.features().name(feature)).put(':').put('[');
    }
    for (int i = from; i < to; i++) {
      if (i > 0) {
        out.put(',');
      }
      int at = i * answer.features().size() + feature;
      out.numbers(answer.values(), at, at + 1);
    }
    if (to == answer.rows()) {
      out.put(']');
    }
  }

  /// Which run of its column a part is.
  private int runOf(int index) {
    return Math.max(0, index - shape.columns().size()) % runs(answer);
  }
}
