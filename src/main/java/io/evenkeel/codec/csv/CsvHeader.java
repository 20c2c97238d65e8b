package io.evenkeel.codec.csv;

import io.evenkeel.codec.rows.AbsentColumns;
import io.evenkeel.codec.rows.KeptValues;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.PlainText;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What the columns of a CSV hold: features, weights, or neither. Keeps the cells of columns that
/// are no feature, if the answer repeats them.
final class CsvHeader {
  private static final int WEIGHT = -1;
  private static final int PASSED_OVER = -2;
  private static final int KEPT = -3;

  /// The most names in which the one that is meant is sought.
  private static final int SOUGHT = 256;

  private final NormalizerDefinition definition;
  private final Features features;
  private final ReadOptions options;
  private final List<Column> columns = new ArrayList<>();
  private int[] roles = new int[0];
  private boolean weighted;

  CsvHeader(NormalizerDefinition definition, ReadOptions options) {
    this.definition = definition;
    this.features = definition.features();
    this.options = options;
  }

  /// Takes the columns that a header names.
  ///
  /// @throws InvalidInput if the header looks like that of another dialect
  void take(CsvNames names, RowCollector rows) {
    LikelyDialect.ofHeader(names, options.dialect(), isExpected(names), true)
        .ifPresent(fault -> {
          throw new InvalidInput(Subject.BATCH, Faults.of(fault));
        });
    roles = new int[names.size()];
    for (int j = 0; j < names.size(); j++) {
      Optional<Fault> twice = names.twice(j);
      twice.ifPresent(rows::faultOfBody);
      roles[j] = twice.isPresent() ? PASSED_OVER : role(j, names, rows);
      columns.add(new Column(names.get(j), roles[j], new ArrayList<>()));
    }
    requireWeights(rows);
    settle(rows);
  }

  /// Settles what becomes of the features that no column has.
  private void settle(RowCollector rows) {
    BitSet came = new BitSet(features.size());
    List<String> others = new ArrayList<>();
    for (Column column : columns) {
      if (column.feature() >= 0) {
        came.set(column.feature());
      } else if (column.feature() != WEIGHT && others.size() < SOUGHT) {
        others.add(column.name());
      }
    }
    rows.settle(AbsentColumns.of(came, others, "#/header", definition, options));
  }

  /// Takes the features as the columns, in the order of the definition.
  void takeFeatures(RowCollector rows) {
    rows.memory().take((long) CsvNames.OF_COLUMN * features.size());
    roles = new int[features.size()];
    for (int j = 0; j < roles.length; j++) {
      roles[j] = j;
      columns.add(new Column(features.name(j), j, List.of()));
    }
    requireWeights(rows);
  }

  private Predicate<String> isExpected(CsvNames names) {
    return name ->
        isWeights(name)
            || features.indexOf(name) >= 0
            || features.indexOf(name.strip()) >= 0
            || names.uncommented(0).filter(first -> features.indexOf(first) >= 0).isPresent();
  }

  private boolean isWeights(String name) {
    return options.weightColumn().filter(name::equals).isPresent();
  }

  private int role(int column, CsvNames names, RowCollector rows) {
    String name = names.get(column);
    if (isWeights(name)) {
      weighted = true;
      return WEIGHT;
    }
    int feature = feature(column, names);
    return feature >= 0 ? feature : other(column, name, rows);
  }

  /// The feature of a name. Blanks may stand at its ends inside quotes.
  private int feature(int column, CsvNames names) {
    int feature = features.indexOf(names.get(column));
    if (feature < 0) {
      feature = features.indexOf(names.get(column).strip());
    }
    return feature < 0 ? names.uncommented(column).map(features::indexOf).orElse(feature) : feature;
  }

  private int other(int column, String name, RowCollector rows) {
    String pointer = "#/header/" + column;
    switch (options.extra()) {
      case REJECT -> rows.faultOfBody(unknown(pointer, column, name));
      case KEEP -> {
        if (!PlainText.isPlain(name)) {
          String detail = "The column " + Excerpt.quoted(name) + " " + PlainText.RULE + ".";
          rows.faultOfBody(new Fault(pointer, Fault.PATTERN, detail));
        }
      }
      case IGNORE -> {}
    }
    return options.extra() == Extra.KEEP ? KEPT : PASSED_OVER;
  }

  private static Fault unknown(String pointer, int column, String name) {
    return name.isEmpty()
        ? new Fault(
            pointer,
            Fault.UNKNOWN_FEATURE,
            "Column "
                + (column + 1)
                + " has no name: it may be an index of rows. ?extra=ignore drops it, ?extra=keep"
                + " repeats it.")
        : Fault.unknownFeature(pointer, name);
  }

  private void requireWeights(RowCollector rows) {
    Optional<String> missing = options.weightColumn().filter(_ -> !weighted);
    missing.ifPresent(name ->
        rows.faultOfBody(
            new Fault(
                "#/header",
                Fault.NOT_NULL,
                "'weightColumn' is "
                    + Excerpt.quoted(name)
                    + ", but the header has no such column.")));
  }

  int size() {
    return roles.length;
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
    rows.keep(KeptValues.bytesOf(text));
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
