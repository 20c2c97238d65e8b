package io.evenkeel.codec.json;

import io.evenkeel.admission.AdmittedBatch.SkippedRow;
import io.evenkeel.codec.json.token.JsonText;
import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.codec.rows.RowShape.Member;
import io.evenkeel.codec.rows.RowShape.Spelling;
import io.evenkeel.normalizer.definition.Features;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Writes the rows of a matrix `[N × D]` as JSON, each as an array or object as it came; rows of a
/// table with columns that are no feature are objects. A missing value is null, and so is a skipped
/// row.
final class JsonRows {
  /// How many numbers are written at once, or the numbers of one row if it has more.
  private static final int TOGETHER = 512;

  private final Features features;
  private final double[] values;
  private final RowShape shape;
  private final List<Column> extras;
  private final BitSet skipped = new BitSet();
  private byte[][] names = new byte[0][];

  JsonRows(Features features, double[] values, RowShape shape, List<SkippedRow> skipped) {
    this.features = features;
    this.values = values;
    this.shape = shape;
    this.extras =
        shape.columnar() || shape.columns().isEmpty()
            ? List.of()
            : shape.columns().stream().filter(Column::isExtra).toList();
    skipped.forEach(row -> this.skipped.set(row.row()));
  }

  /// How many rows are to be written at once.
  static int together(BatchAnswer answer) {
    return Math.max(1, Math.min(answer.rows(), TOGETHER / answer.features().size()));
  }

  /// Writes rows.
  ///
  /// @param separator between them
  void write(int from, int behind, char separator, ByteSink out) {
    if (skipped.isEmpty() && shape.objects().isEmpty() && extras.isEmpty()) {
      int width = features.size();
      out.put('[');
      out.numbers(values, from * width, behind * width, width, ']' | separator << 8 | '[' << 16);
      out.put(']');
      return;
    }
    for (int row = from; row < behind; row++) {
      if (row > from) {
        out.put(separator);
      }
      write(row, out);
    }
  }

  void write(int row, ByteSink out) {
    if (skipped.get(row)) {
      out.text("null");
    } else if (shape.objects().get(row) || !extras.isEmpty()) {
      object(row, out);
    } else {
      int from = row * features.size();
      out.put('[');
      out.numbers(values, from, from + features.size());
      out.put(']');
    }
  }

  /// Writes a cell: a number with its spelling, any other text as a string.
  private static void cell(Column column, int row, ByteSink out) {
    String text = column.values().get(row);
    if (text.isEmpty()) {
      out.text("null");
    } else if (column.spelling() == Spelling.JSON || JsonText.isNumber(text)) {
      out.text(text);
    } else {
      out.quoted(text);
    }
  }

  private void object(int row, ByteSink out) {
    if (names.length == 0) {
      names = new byte[features.size()][];
      Arrays.setAll(names, j -> new ByteSink().quoted(features.name(j)).put(':').toBytes());
    }
    BitSet lacking = shape.absence().cells();
    boolean complete = lacking.isEmpty();
    char separator = '{';
    for (Member member : shape.extras().getOrDefault(row, List.of())) {
      out.put(separator).quoted(member.name()).put(':').text(member.json());
      separator = ',';
    }
    for (Column column : extras) {
      cell(column, row, out.put(separator).quoted(column.name()).put(':'));
      separator = ',';
    }
    int from = row * names.length;
    for (int j = 0; j < names.length; j++) {
      if (complete || !lacking.get(from + j)) {
        out.put(separator).put(names[j]).numbers(values, from + j, from + j + 1);
        separator = ',';
      }
    }
    if (separator == '{') {
      out.put(separator);
    }
    out.put('}');
  }

  /// The member `skipped`, behind other members; nothing where no row was skipped.
  ///
  /// @param firstRow index in the body of the batch's first row
  static void skipped(List<SkippedRow> rows, long firstRow, ByteSink out) {
    if (rows.isEmpty()) {
      return;
    }
    out.text(",\"skipped\":[");
    String separator = "";
    for (SkippedRow row : rows) {
      out.text(separator + "{\"row\":" + (firstRow + row.row()) + ",\"code\":");
      out.quoted(row.code()).put('}');
      separator = ",";
    }
    out.put(']');
  }

  /// An array of numbers.
  static void array(double[] numbers, ByteSink out) {
    out.put('[').numbers(numbers, 0, numbers.length);
    out.put(']');
  }
}
