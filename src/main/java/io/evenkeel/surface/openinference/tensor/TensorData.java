package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.json.JsonToken;
import io.evenkeel.codec.json.JsonTokens;
import io.evenkeel.codec.json.JsonValue;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.RowCollector;

/// Reads the numbers of a tensor `[N, D]` in JSON: one after the other, or an array for each row. A
/// missing value is null.
final class TensorData implements JsonValue {
  /// How the numbers are laid out. The first element tells.
  private enum Layout {
    UNKNOWN,
    FLAT,
    ROWS
  }

  private final JsonTokens tokens;
  private final RowCollector rows;
  private final BesideRows beside;
  private Layout layout = Layout.UNKNOWN;
  private boolean opened;
  private boolean inRow;
  private int cells;

  TensorData(JsonTokens tokens, RowCollector rows, BesideRows beside) {
    this.tokens = tokens;
    this.rows = rows;
    this.beside = beside;
  }

  /// Whether there are data.
  boolean isThere() {
    return opened;
  }

  /// Whether the numbers came one after the other.
  boolean isFlat() {
    return layout == Layout.FLAT;
  }

  /// How many numbers follow the last whole row.
  int rest() {
    return cells;
  }

  @Override
  public boolean take(JsonToken token) {
    if (!opened) {
      if (token == JsonToken.NULL) {
        return true;
      }
      if (token != JsonToken.ARRAY_START) {
        throw tokens.expected("an array of numbers or of rows, or null,", token);
      }
      opened = true;
    } else if (token == JsonToken.NULL && (inRow || layout != Layout.ROWS)) {
      number(Double.NaN);
    } else if (token == JsonToken.ARRAY_START && !inRow && layout != Layout.FLAT) {
      layout = Layout.ROWS;
      inRow = true;
    } else if (token == JsonToken.ARRAY_END) {
      return end();
    } else {
      throw tokens.expected(
          !inRow && layout == Layout.ROWS ? "a row, an array," : "a number or null", token);
    }
    return false;
  }

  private boolean end() {
    if (inRow) {
      inRow = false;
      rows.endRow(beside);
      return false;
    }
    return true;
  }

  @Override
  public void number(double x) {
    if (inRow) {
      rows.cell(x);
    } else if (opened && layout != Layout.ROWS) {
      layout = Layout.FLAT;
      rows.cell(x);
      if (++cells == rows.width()) {
        cells = 0;
        rows.endRow(beside);
      }
    } else {
      take(JsonToken.NUMBER);
    }
  }
}
