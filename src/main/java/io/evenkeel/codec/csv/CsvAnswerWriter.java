package io.evenkeel.codec.csv;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.Column;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes a header, then one row a line (RFC 4180; lines end with LF). The columns have the order
/// in which they came; features that did not come follow. A missing value is an empty cell.
public final class CsvAnswerWriter extends AnswerWriter {
  private final BatchAnswer answer;
  private final List<Column> columns;
  private final int behindHeader;

  /// @param header whether the header comes before the rows
  public CsvAnswerWriter(BatchAnswer answer, RowShape shape, boolean header) {
    super(answer.rows() + (header ? 1 : 0), (long) answer.features().size() * NUMBER);
    this.answer = answer;
    this.behindHeader = header ? 1 : 0;
    this.columns = shape.columnar() ? new ArrayList<>() : new ArrayList<>(shape.columns());
    Set<Integer> came = new HashSet<>();
    columns.forEach(column -> came.add(column.feature()));
    for (int j = 0; j < answer.features().size(); j++) {
      if (!came.contains(j)) {
        columns.add(new Column(answer.features().name(j), j, List.of()));
      }
    }
  }

  @Override
  protected void write(int part, ByteSink out) {
    int row = part - behindHeader;
    for (int k = 0; k < columns.size(); k++) {
      if (k > 0) {
        out.put(',');
      }
      Column column = columns.get(k);
      if (row < 0) {
        cell(column.name(), out);
      } else if (column.feature() < 0) {
        cell(column.values().get(row), out);
      } else {
        double x = answer.value(row, column.feature());
        if (!Double.isNaN(x)) {
          out.number(x);
        }
      }
    }
    out.put('\n');
  }

  private static void cell(String text, ByteSink out) {
    boolean quote = text.chars().anyMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
    out.text(quote ? "\"" + text.replace("\"", "\"\"") + "\"" : text);
  }
}
