package io.evenkeel.codec.csv;

import io.evenkeel.admission.FormFaults;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.Absence;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.CollectingReader;
import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.DoubleList;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a batch of CSV: a header of feature names in any order, then one row a line. Without a
/// header the columns are the features in their order.
public final class CsvBatchReader implements CollectingReader, BesideRows, CsvCells {
  private final NormalizerDefinition definition;
  private final CsvDialect dialect;
  private final CsvNames names;
  private final CsvHeader header;
  private final RowCollector rows;
  private final NumberType numbers;
  private final DoubleList weights;
  private final CsvValue value;
  private final CsvLexer lexer;
  private final CsvBytes bytes;
  private final TextColumns texts;
  private boolean headerRead;
  private long blankLines;

  public CsvBatchReader(NormalizerDefinition definition, ReadOptions options, RowCollector rows) {
    this.definition = definition;
    this.dialect = options.dialect();
    this.names = new CsvNames(rows.memory());
    this.header = new CsvHeader(definition, options);
    this.rows = rows;
    this.weights = new DoubleList(rows.memory());
    this.numbers = options.numbers();
    this.value = new CsvValue(dialect.decimal(), definition.reception().na());
    this.lexer = new CsvLexer(dialect, value.numbersAreNumbers(), this);
    this.bytes = new CsvBytes(dialect, lexer);
    this.texts = new TextColumns(definition.features(), rows);
    if (!dialect.header()) {
      header.takeFeatures(rows);
      headerRead = true;
    }
  }

  @Override
  public RowCollector rows() {
    return rows;
  }

  @Override
  public BesideRows beside() {
    return this;
  }

  @Override
  public void feed(byte[] more, int from, int length) {
    bytes.feed(more, from, length);
  }

  @Override
  public boolean takesNumber(int column) {
    return headerRead && column < header.size() && !header.keeps(column);
  }

  @Override
  public void number(int column, double x) {
    if (column == 0) {
      beginRow();
    }
    int feature = header.feature(column);
    if (feature >= 0) {
      rows.set(feature, x);
    } else if (header.isWeight(column)) {
      weights.add(x);
    }
  }

  @Override
  public void cell(int column, CsvCell cell) {
    if (!headerRead) {
      names.add(cell, lexer);
      return;
    }
    if (column == 0) {
      beginRow();
    }
    if (column >= header.size()) {
      return;
    }
    int feature = header.feature(column);
    if (feature >= 0) {
      feature(column, feature, cell);
    } else if (header.isWeight(column)) {
      weight(cell);
    } else if (header.keeps(column)) {
      header.keep(column, lexer.text(cell), rows).ifPresent(fault -> rows.fault(fault, this));
    }
  }

  private void beginRow() {
    while (blankLines > 0) {
      blankLines--;
      missingRow();
    }
    rows.sparseRow();
  }

  /// A blank line between the rows of one column: its value is missing.
  private void missingRow() {
    rows.sparseRow();
    if (header.isWeighted()) {
      weights.add(Double.NaN);
    }
    endRow(1);
  }

  private void feature(int column, int feature, CsvCell cell) {
    switch (value.of(cell)) {
      case NUMBER -> rows.set(feature, value.value());
      case MISSING -> {}
      case TEXT -> {
        String text = lexer.text(cell);
        texts.add(column, feature, text, detail(feature, text), this);
      }
    }
  }

  private String detail(int feature, String text) {
    return !dialect.header() && rows.row() == 0 && text.equals(definition.features().name(feature))
        ? "'"
            + text
            + "' is the name of the feature; the body has a header, so leave out"
            + " header=absent."
        : LikelyDialect.notANumber(text, dialect);
  }

  private void weight(CsvCell cell) {
    if (value.of(cell) == CsvValue.Kind.TEXT) {
      String pointer = "#/weights/" + rows.row();
      String detail = LikelyDialect.notANumber(lexer.text(cell), dialect);
      rows.fault(new Fault(pointer, Fault.NOT_A_NUMBER, detail), this);
      weights.add(0);
    } else {
      weights.add(value.value());
    }
  }

  @Override
  public void endLine(int columns) {
    if (headerRead) {
      endRow(columns);
    } else if (names.tellDelimiter()) {
      names.clear();
    } else {
      header.take(names, rows);
      headerRead = true;
    }
  }

  /// Between the rows of one column a blank line is a missing value. Otherwise, and at the end, it
  /// is passed over.
  @Override
  public void blankLine() {
    if (headerRead && header.size() == 1) {
      blankLines++;
    }
  }

  private void endRow(int columns) {
    if (columns != header.size()) {
      rows.fault(new Fault(pointer(rows.row()), Fault.FEATURE_COUNT, otherLength(columns)), this);
      while (header.isWeighted() && weights.size() <= rows.rows()) {
        weights.add(0);
      }
    }
    header.align(rows.rows() + 1);
    rows.endRow(this);
  }

  private String otherLength(int columns) {
    String detail =
        "The row has "
            + columns
            + " values; the "
            + (dialect.header() ? "header" : "normalizer")
            + " has "
            + header.size()
            + (dialect.header() ? " columns." : " features.");
    return columns == header.size() + 1 && rows.row() == 0 && dialect.header()
        ? detail + LikelyDialect.ROW_NAMES
        : detail;
  }

  @Override
  public void conclude(FormFaults faults) {
    texts.conclude(faults);
  }

  @Override
  public boolean isHandingOn() {
    return headerRead && rows.isHandingOn();
  }

  @Override
  public DecodedBatch finish() {
    bytes.finish();
    if (!headerRead) {
      throw lexer.fail("The body has no header of feature names.");
    }
    return last();
  }

  @Override
  public double @Nullable [] weights(long firstRow, int count, boolean last) {
    return header.isWeighted() ? weights.slice(0, count) : null;
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return new RowShape(false, new BitSet(), Map.of(), header.answered(count), numbers)
        .lacking(Absence.of(rows.absentColumns()));
  }

  @Override
  public long kept() {
    return header.kept();
  }

  @Override
  public void forget(int count) {
    weights.forget(count);
    header.forget(count);
    texts.forget();
  }
}
