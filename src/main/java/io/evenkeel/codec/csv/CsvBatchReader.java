package io.evenkeel.codec.csv;

import io.evenkeel.codec.number.NumberReader;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.CollectingReader;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.DoubleList;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.nio.charset.CharacterCodingException;
import java.util.BitSet;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Reads CSV (RFC 4180; LF, CRLF and a byte order mark accepted): a header of feature names in any
/// order, then one row a line. An empty cell, and a column left out, is a missing value.
public final class CsvBatchReader implements CollectingReader, BesideRows {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /// Where in a cell the reader is.
  private enum Place {
    CELL_START,
    PLAIN,
    QUOTED,
    QUOTE_IN_QUOTED
  }

  private final CsvHeader header;
  private final RowCollector rows;
  private final NumberType numbers;
  private final DoubleList weights;
  private final CsvCell cell = new CsvCell();
  private final NumberReader number = new NumberReader();
  private boolean taken;
  private Place place = Place.CELL_START;
  private int markBytes;
  private boolean markPast;
  private boolean headerRead;
  private boolean carriageReturn;
  private int column;
  private long offset;
  private long line = 1;
  private long lineStart;

  public CsvBatchReader(NormalizerDefinition definition, ReadOptions options, RowCollector rows) {
    this.header = new CsvHeader(definition.features(), options);
    this.rows = rows;
    this.weights = new DoubleList(rows.memory());
    this.numbers = options.numbers();
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
  public void feed(byte[] bytes, int from, int length) {
    int end = from + length;
    int i = from;
    while (i < end) {
      int behind = plainNumber(bytes, i, end);
      if (behind > i) {
        offset += behind - i;
        i = behind;
        continue;
      }
      if (markPast) {
        take(bytes[i]);
      } else {
        begin(bytes[i]);
      }
      i++;
      offset++;
    }
  }

  /// Takes a number that fills a cell and lies whole in the bytes, as nearly all numbers do. Every
  /// other cell is read byte by byte.
  ///
  /// @return the index behind the number, or `from` if there is no such number
  private int plainNumber(byte[] bytes, int from, int end) {
    byte first = bytes[from];
    if (!headerRead
        || place != Place.CELL_START
        || carriageReturn
        || column >= header.size()
        || header.keeps(column)
        || (first != '-' && (first < '0' || first > '9'))) {
      return from;
    }
    int behind = number.read(bytes, from, end, false);
    if (behind < 0 || (bytes[behind] != ',' && bytes[behind] != '\n' && bytes[behind] != '\r')) {
      return from;
    }
    put(number.value());
    place = Place.PLAIN;
    taken = true;
    return behind;
  }

  private void put(double x) {
    if (column == 0) {
      rows.sparseRow();
    }
    int feature = header.feature(column);
    if (feature >= 0) {
      rows.set(feature, x);
    } else if (header.isWeight(column)) {
      weights.add(x);
    }
  }

  /// Passes over a byte order mark. Bytes that only begin like one are text.
  private void begin(byte b) {
    if (b != BYTE_ORDER_MARK[markBytes]) {
      endMark();
      take(b);
    } else if (++markBytes == BYTE_ORDER_MARK.length) {
      markBytes = 0;
      markPast = true;
      lineStart = offset + 1;
    }
  }

  private void endMark() {
    markPast = true;
    for (int i = 0; i < markBytes; i++) {
      take(BYTE_ORDER_MARK[i]);
    }
    markBytes = 0;
  }

  private void take(byte b) {
    if (place == Place.QUOTED) {
      if (b == '"') {
        place = Place.QUOTE_IN_QUOTED;
      } else {
        append(b);
        if (b == '\n') {
          beginLine();
        }
      }
      return;
    }
    if (carriageReturn && b != '\n') {
      throw fail("A carriage return must be followed by a line feed.");
    }
    switch (b) {
      case ',' -> endCell();
      case '\n' -> endLine();
      case '\r' -> carriageReturn = true;
      case '"' -> quote();
      default -> {
        if (place == Place.QUOTE_IN_QUOTED) {
          throw fail("A closing quote must be followed by a comma or the end of the line.");
        }
        append(b);
        place = Place.PLAIN;
      }
    }
  }

  private void quote() {
    switch (place) {
      case CELL_START -> place = Place.QUOTED;
      case QUOTE_IN_QUOTED -> {
        append((byte) '"');
        place = Place.QUOTED;
      }
      case PLAIN, QUOTED ->
          throw fail("A cell has a quote in its text; quotes may only stand around a whole cell.");
    }
  }

  private void append(byte b) {
    if (!cell.append(b)) {
      throw fail("A cell must not be longer than " + CsvCell.LONGEST + " bytes.");
    }
  }

  private void endCell() {
    if (!headerRead) {
      if (column == CsvHeader.MOST) {
        throw fail("A header must not have more than " + CsvHeader.MOST + " columns.");
      }
      header.add(text(), rows);
    } else if (column < header.size() && !taken) {
      value();
    }
    taken = false;
    if (column < Integer.MAX_VALUE) {
      column++;
    }
    cell.clear();
    place = Place.CELL_START;
  }

  private void value() {
    if (column == 0) {
      rows.sparseRow();
    }
    int feature = header.feature(column);
    if (feature >= 0) {
      rows.set(feature, number(feature).orElse(Double.NaN));
    } else if (header.isWeight(column)) {
      weights.add(number(feature).orElse(0));
    } else if (header.keeps(column)) {
      header.keep(column, text(), rows).ifPresent(fault -> rows.fault(fault, this));
    }
  }

  /// The number in the cell. Any other text is a fault and gives nothing.
  private OptionalDouble number(int feature) {
    OptionalDouble number = cell.number();
    if (number.isEmpty()) {
      String pointer =
          feature >= 0 ? Pointers.POSITIONS.cell(rows.row(), feature) : "#/weights/" + rows.row();
      String detail = "'" + Excerpt.of(text()) + "' is not a number.";
      rows.fault(new Fault(pointer, Fault.NOT_A_NUMBER, detail), this);
    }
    return number;
  }

  private String text() {
    try {
      return cell.text();
    } catch (CharacterCodingException e) {
      throw fail("A cell is not UTF-8.");
    }
  }

  /// Ends a line. With one column an empty line is a row whose value is missing; otherwise it is
  /// passed over.
  private void endLine() {
    carriageReturn = false;
    boolean blank = column == 0 && cell.isEmpty() && place == Place.CELL_START;
    if (!blank || !headerRead || header.size() == 1) {
      endCell();
      if (headerRead) {
        endRow();
      } else {
        header.end(rows);
        headerRead = true;
      }
    }
    column = 0;
    beginLine();
  }

  private void beginLine() {
    line++;
    lineStart = offset + 1;
  }

  private void endRow() {
    if (column != header.size()) {
      String detail =
          "The row has " + column + " values; the header has " + header.size() + " columns.";
      rows.fault(new Fault(pointer(rows.row()), Fault.FEATURE_COUNT, detail), this);
      while (header.isWeighted() && weights.size() <= rows.rows()) {
        weights.add(0);
      }
    }
    header.align(rows.rows() + 1);
    rows.endRow(this);
  }

  @Override
  public boolean isHandingOn() {
    return headerRead && rows.isHandingOn();
  }

  @Override
  public DecodedBatch finish() {
    endMark();
    if (place == Place.QUOTED) {
      throw fail("The body ends inside a quoted cell.");
    }
    if (column > 0 || !cell.isEmpty() || place != Place.CELL_START) {
      endLine();
    }
    if (!headerRead) {
      throw fail("The body has no header of feature names.");
    }
    return last();
  }

  @Override
  public double @Nullable [] weights(long firstRow, int count, boolean last) {
    return header.isWeighted() ? weights.slice(0, count) : null;
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return new RowShape(false, new BitSet(), Map.of(), header.answered(count), numbers);
  }

  @Override
  public long kept() {
    return header.kept();
  }

  @Override
  public void forget(int count) {
    weights.forget(count);
    header.forget(count);
  }

  private UnreadableBody fail(String detail) {
    return new UnreadableBody(detail, line, offset - lineStart + 1);
  }
}
