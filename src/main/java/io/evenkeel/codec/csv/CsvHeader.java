package io.evenkeel.codec.csv;

import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.PlainText;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The columns that the header of a CSV names. Keeps the cells of columns that are no feature, if
/// the answer repeats them.
final class CsvHeader {
  /// The most columns: every feature, and as many columns that are no feature.
  static final int MOST = RowShape.MOST_COLUMNS;

  /// How many bytes a column takes beside the characters of its name.
  private static final int OF_COLUMN = 192;

  private static final int WEIGHT = -1;
  private static final int PASSED_OVER = -2;
  private static final int KEPT = -3;

  private final Features features;
  private final ReadOptions options;
  private final List<Column> columns = new ArrayList<>();
  private int[] roles = new int[8];
  private final Set<String> names = new HashSet<>();
  private boolean weighted;

  CsvHeader(Features features, ReadOptions options) {
    this.features = features;
    this.options = options;
  }

  /// Adds a column.
  void add(String name, RowCollector rows) {
    rows.memory().take((long) Character.BYTES * name.length() + OF_COLUMN);
    int feature = features.indexOf(name);
    String pointer = "#/header/" + columns.size();
    if (!names.add(name)) {
      rows.faultOfBody(
          new Fault(
              pointer,
              Fault.DUPLICATE_FEATURE,
              "The column " + Excerpt.quoted(name) + " is there twice."));
      feature = PASSED_OVER;
    } else if (options.weightColumn().filter(name::equals).isPresent()) {
      weighted = true;
      feature = WEIGHT;
    } else if (feature < 0) {
      if (options.extra() == Extra.REJECT) {
        rows.faultOfBody(Fault.unknownFeature(pointer, name));
      }
      feature = options.extra() == Extra.KEEP ? KEPT : PASSED_OVER;
      if (feature == KEPT && !PlainText.isPlain(name)) {
        String detail = "The column " + Excerpt.quoted(name) + " " + PlainText.RULE + ".";
        rows.faultOfBody(new Fault(pointer, Fault.PATTERN, detail));
      }
    }
    if (columns.size() == roles.length) {
      roles = Arrays.copyOf(roles, 2 * roles.length);
    }
    roles[columns.size()] = feature;
    columns.add(new Column(name, feature, new ArrayList<>()));
  }

  /// Ends the header.
  void end(RowCollector rows) {
    Optional<String> missing = options.weightColumn().filter(_ -> !weighted);
    missing.ifPresent(name ->
        rows.faultOfBody(
            new Fault(
                "#/header",
                Fault.NOT_NULL,
                "The header has no column "
                    + Excerpt.quoted(name)
                    + ", which holds the weights.")));
  }

  int size() {
    return columns.size();
  }

  /// The feature in a column, or a negative number if the column is no feature.
  int feature(int column) {
    return roles[column];
  }

  boolean isWeight(int column) {
    return roles[column] == WEIGHT;
  }

  boolean isWeighted() {
    return weighted;
  }

  /// Whether the cells of a column are kept as text.
  boolean keeps(int column) {
    return roles[column] == KEPT;
  }

  /// Keeps the text of a cell.
  ///
  /// @return the fault of the text, if it has one
  Optional<Fault> keep(int column, String text, RowCollector rows) {
    rows.keep(RowCollector.bytesOf(text));
    columns.get(column).values().add(text);
    return PlainText.isPlain(text)
        ? Optional.empty()
        : Optional.of(
            new Fault(
                Pointers.POSITIONS.row(rows.row()),
                Fault.PATTERN,
                "The text of "
                    + Excerpt.quoted(columns.get(column).name())
                    + " "
                    + PlainText.RULE
                    + "."));
  }

  /// Adds empty cells to kept columns that have fewer than this many rows: the last row was too
  /// short.
  void align(int rows) {
    for (Column column : columns) {
      while (column.feature() == KEPT && column.values().size() < rows) {
        column.values().add("");
      }
    }
  }

  /// The columns of the answer in order, with the kept cells of the first rows.
  List<Column> answered(int rows) {
    return columns.stream()
        .filter(c -> c.feature() >= 0 || c.feature() == KEPT)
        .map(c ->
            c.feature() >= 0
                ? c
                : new Column(c.name(), c.feature(), List.copyOf(c.values().subList(0, rows))))
        .toList();
  }

  /// How many numbers would take as much memory as the kept cells that are not forgotten.
  long kept() {
    return columns.stream().mapToLong(column -> RowShape.ofValues(column.values())).sum();
  }

  /// Forgets the kept cells of the first rows.
  void forget(int rows) {
    for (Column column : columns) {
      if (column.feature() == KEPT) {
        column.values().subList(0, rows).clear();
      }
    }
  }
}
