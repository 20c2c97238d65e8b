package io.evenkeel.codec.csv;

import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampleReader;
import io.evenkeel.codec.sample.SampledColumn;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.definition.Reception;
import java.util.ArrayList;
import java.util.List;

/// Reads the first rows of a CSV as a sample. A cell in quotes that holds a number is a number.
public final class CsvSampleReader implements SampleReader, CsvCells {
  /// How many bytes a column takes beside its name and what is counted of it.
  private static final int OF_COLUMN = 256;

  private final CsvDialect dialect;
  private final MemoryShare memory;
  private final CsvNames names;
  private final List<CsvSampledColumn> columns = new ArrayList<>();
  private final CsvValue value;
  private final CsvLexer lexer;
  private final CsvBytes bytes;
  private final Faults faults = new Faults();
  private boolean widthKnown;
  private int rows;
  private long blankLines;

  /// @param memory is asked before anything is held
  public CsvSampleReader(CsvDialect dialect, MemoryShare memory) {
    this.dialect = dialect;
    this.memory = memory;
    this.names = new CsvNames(memory);
    this.value = new CsvValue(dialect.decimal(), Reception.NA);
    this.lexer = new CsvLexer(dialect, true, this);
    this.bytes = new CsvBytes(dialect, lexer);
  }

  @Override
  public boolean feed(byte[] more, int offset, int length) {
    if (!isDone()) {
      bytes.feed(more, offset, length);
    }
    return !isDone();
  }

  @Override
  public boolean isDone() {
    return rows == MOST_ROWS;
  }

  private boolean isHeader() {
    return dialect.header() && !widthKnown;
  }

  @Override
  public boolean takesNumber(int column) {
    return widthKnown && column < columns.size();
  }

  @Override
  public void number(int column, double x) {
    if (column == 0) {
      beginRow();
    }
    columns.get(column).number();
  }

  @Override
  public void cell(int column, CsvCell cell) {
    if (isHeader()) {
      names.add(cell, lexer);
      return;
    }
    if (column == 0) {
      beginRow();
    }
    if (!widthKnown) {
      addNumbered();
    }
    if (column >= columns.size()) {
      return;
    }
    switch (value.of(cell)) {
      case NUMBER -> columns.get(column).number();
      case MISSING -> columns.get(column).missing();
      case TEXT -> text(columns.get(column), lexer.text(cell).strip());
    }
  }

  private void text(CsvSampledColumn column, String text) {
    if (rows == 0 && columns.size() == 1 && dialect.header()) {
      LikelyDialect.ofFirstRow(column.name(), text, dialect).ifPresent(CsvSampleReader::refuse);
    }
    column.text(text, rows);
  }

  private static void refuse(Fault fault) {
    throw new InvalidInput(Subject.BATCH, Faults.of(fault));
  }

  /// Adds a column that has no name, in the first row of a body without a header.
  private void addNumbered() {
    if (columns.size() == CsvNames.MOST) {
      throw lexer.fail("A row must not have more than " + CsvNames.MOST + " columns.");
    }
    memory.take(CsvNames.OF_COLUMN + OF_COLUMN);
    columns.add(new CsvSampledColumn("f" + columns.size()));
  }

  /// A blank line between the rows of one column is a missing value.
  private void beginRow() {
    while (blankLines > 0 && rows < MOST_ROWS - 1) {
      blankLines--;
      rows++;
      columns.getFirst().missing();
    }
    blankLines = 0;
  }

  @Override
  public void endLine(int cells) {
    if (isHeader() && names.tellDelimiter()) {
      names.clear();
      return;
    }
    if (isHeader()) {
      takeNames();
      widthKnown = true;
      return;
    }
    widthKnown = true;
    if (cells != columns.size()) {
      LikelyDialect.ofDelimiter(names, dialect)
          .filter(_ -> rows == 0)
          .ifPresent(CsvSampleReader::refuse);
      int row = rows;
      faults.add(() -> otherLength(row, cells));
    }
    rows++;
  }

  private Fault otherLength(int row, int cells) {
    String first = dialect.header() ? "the header has " : "the first row has ";
    String detail = "The row has " + cells + " values; " + first + columns.size() + " columns.";
    return new Fault(
        Pointers.POSITIONS.row(row),
        Fault.FEATURE_COUNT,
        row == 0 && cells == columns.size() + 1 ? detail + LikelyDialect.ROW_NAMES : detail);
  }

  @Override
  public void blankLine() {
    if (widthKnown && columns.size() == 1) {
      blankLines++;
    }
  }

  private void takeNames() {
    LikelyDialect.ofHeader(names, dialect, _ -> false, false).ifPresent(CsvSampleReader::refuse);
    memory.take((long) OF_COLUMN * names.size());
    for (int j = 0; j < names.size(); j++) {
      names.twice(j).ifPresent(faults::add);
      String name = names.get(j).strip();
      columns.add(new CsvSampledColumn(j == 0 ? names.uncommented(0).orElse(name) : name));
    }
  }

  @Override
  public Sample finish() {
    if (!isDone()) {
      bytes.finish();
    }
    if (isHeader()) {
      throw lexer.fail("The body has no header of column names.");
    }
    requireThisDialect();
    if (!faults.isEmpty()) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
    List<SampledColumn> sampled = columns.stream().map(CsvSampledColumn::sampled).toList();
    return new Sample(sampled, rows, dialect.header());
  }

  private void requireThisDialect() {
    if (!dialect.header()
        && columns.stream().allMatch(CsvSampledColumn::beginsWithText)
        && columns.stream().anyMatch(CsvSampledColumn::isNumbersBelowText)) {
      faults.add(
          new Fault(
              "#/rows/0",
              Fault.NOT_A_NUMBER,
              "The first row is text and the rows below it hold numbers; the body has a header, so"
                  + " leave out header=absent."));
    }
    for (int j = 0; j < columns.size() && dialect.decimal() == '.'; j++) {
      CsvSampledColumn column = columns.get(j);
      if (dialect.delimiter() != ',' && column.hasDecimalCommas()) {
        faults.add(
            new Fault(
                "#/header/" + j,
                Fault.NOT_A_NUMBER,
                "The column "
                    + Excerpt.quoted(column.name())
                    + " holds decimal commas. "
                    + LikelyDialect.notANumber(column.firstText(), dialect)));
      }
    }
  }
}
