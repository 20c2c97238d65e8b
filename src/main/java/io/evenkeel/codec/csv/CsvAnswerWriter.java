package io.evenkeel.codec.csv;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.Column;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes a header, then one row a line (RFC 4180; lines end with LF), in the dialect of the shape.
/// The columns have the order in which they came; features that did not come follow. A missing
/// value is an empty cell, in quotes where it would be a blank line.
public final class CsvAnswerWriter extends AnswerWriter {
  private final BatchAnswer answer;
  private final List<Column> columns;
  private final CsvDialect dialect;
  private final int behindHeader;

  /// @param header whether the header comes before the rows, if the dialect has one
  public CsvAnswerWriter(BatchAnswer answer, RowShape shape, boolean header) {
    super(
        answer.rows() + (header && shape.dialect().header() ? 1 : 0),
        (long) answer.features().size() * NUMBER);
    this.answer = answer;
    this.dialect = shape.dialect();
    this.behindHeader = header && dialect.header() ? 1 : 0;
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
    if (dialect.isUtf8()) {
      line(part, out);
    } else {
      ByteSink line = new ByteSink();
      line(part, line);
      String text = new String(line.toBytes(), StandardCharsets.UTF_8);
      out.put(text.getBytes(charset(part)));
    }
  }

  /// Only the first line of UTF-16 begins with a byte order mark.
  private Charset charset(int part) {
    Charset charset = dialect.charset();
    return part > 0 && charset.equals(StandardCharsets.UTF_16)
        ? StandardCharsets.UTF_16BE
        : charset;
  }

  private void line(int part, ByteSink out) {
    int row = part - behindHeader;
    for (int k = 0; k < columns.size(); k++) {
      if (k > 0) {
        out.put(dialect.delimiter());
      }
      Column column = columns.get(k);
      if (row < 0) {
        text(column.name(), out);
      } else if (column.feature() < 0) {
        text(column.values().get(row), out);
      } else {
        number(answer.value(row, column.feature()), out);
      }
    }
    out.put('\n');
  }

  private void number(double x, ByteSink out) {
    if (!Double.isNaN(x)) {
      if (dialect.decimal() == '.') {
        out.number(x);
      } else {
        out.number(x, dialect.decimal());
      }
    } else if (columns.size() == 1) {
      out.text("\"\"");
    }
  }

  private void text(String text, ByteSink out) {
    out.text(mustBeQuoted(text) ? "\"" + text.replace("\"", "\"\"") + "\"" : text);
  }

  private boolean mustBeQuoted(String text) {
    return isBlank(text, 0)
        || isBlank(text, text.length() - 1)
        || text.chars()
            .anyMatch(c -> c == '"' || c == dialect.delimiter() || c == '\n' || c == '\r');
  }

  private static boolean isBlank(String text, int at) {
    return !text.isEmpty() && (text.charAt(at) == ' ' || text.charAt(at) == '\t');
  }
}
