package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowShape.Column;
import io.evenkeel.codec.arrow.ArrowShape.FeatureColumn;
import io.evenkeel.codec.arrow.ArrowShape.KeptColumn;
import io.evenkeel.codec.arrow.ArrowShape.KeptRows;
import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.arrow.message.ArrowType;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowShape.ArrivedColumns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A table for the answer to rows that came in another format: features, and columns of texts.
///
/// @param columns the table
/// @param bytes how much memory its texts take
public record ArrowTexts(ArrivedColumns columns, long bytes) {
  /// How many bytes a text takes at most beside its characters: its offset and its validity.
  private static final int OF_TEXT = 5;

  /// A column: a feature (index ≥ 0), or texts.
  ///
  /// @param text the text in a row; null if the row has none
  public record TextColumn(String name, int feature, IntFunction<@Nullable String> text) {}

  /// Makes the table.
  ///
  /// @param memory is asked before the texts are copied
  public static ArrowTexts of(List<TextColumn> columns, int rows, MemoryShare memory) {
    long bytes = 0;
    List<Column> made = new ArrayList<>();
    List<ArrowArray> arrays = new ArrayList<>();
    for (TextColumn column : columns) {
      if (column.feature() >= 0) {
        made.add(new FeatureColumn(column.feature(), NumberType.FLOAT64, Map.of()));
        continue;
      }
      long size = size(column, rows);
      memory.take(size);
      bytes += size;
      made.add(new KeptColumn(field(column.name())));
      arrays.add(ArrowArray.ofTexts(rows, column.text()));
    }
    List<KeptRows> kept =
        arrays.isEmpty() ? List.of() : List.of(new KeptRows(rows, arrays, List.of()));
    return new ArrowTexts(new ArrowShape(made, Map.of(), kept), bytes);
  }

  private static long size(TextColumn column, int rows) {
    long size = (long) OF_TEXT * (rows + 1);
    for (int row = 0; row < rows; row++) {
      String text = column.text().apply(row);
      size += text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
    return size;
  }

  private static ArrowField field(String name) {
    return new ArrowField(name, true, ArrowType.Plain.UTF8, Optional.empty(), List.of(), Map.of());
  }
}
