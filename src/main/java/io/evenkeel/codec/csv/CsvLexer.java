package io.evenkeel.codec.csv;

import io.evenkeel.codec.number.NumberReader;
import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.UnreadableBody;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Splits the UTF-8 bytes of a CSV into cells and lines (RFC 4180; LF, CRLF and a byte order mark
/// accepted). Blanks around a cell are no part of it, except inside its quotes.
final class CsvLexer {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /// Where in a cell the lexer is.
  private enum Place {
    CELL_START,
    PLAIN,
    QUOTED,
    QUOTE_IN_QUOTED,
    BEHIND_QUOTED
  }

  private final CsvCells cells;
  private final CsvDialect dialect;
  private final byte delimiter;
  private final boolean plainNumbers;
  private final CsvCell cell = new CsvCell();
  private final NumberReader number = new NumberReader();
  private boolean taken;
  private boolean tabbed;
  private Place place = Place.CELL_START;
  private int markBytes;
  private boolean markPast;
  private boolean numeric;
  private boolean carriageReturn;
  private int column;
  private long offset;
  private long line = 1;
  private long lineStart;

  /// @param plainNumbers whether a plain number is always a number, and no text for a missing value
  CsvLexer(CsvDialect dialect, boolean plainNumbers, CsvCells cells) {
    this.dialect = dialect;
    this.delimiter = (byte) dialect.delimiter();
    this.plainNumbers = plainNumbers && dialect.decimal() == '.';
    this.cells = cells;
  }

  /// Takes the next bytes.
  void feed(byte[] bytes, int from, int length) {
    int end = cells.isDone() ? from : from + length;
    int i = from;
    while (i < end) {
      int behind = plainNumber(bytes, i, end);
      if (behind > i) {
        offset += behind - i;
        i = behind;
        continue;
      }
      byte b = bytes[i++];
      if (markPast) {
        take(b);
      } else {
        begin(b);
      }
      offset++;
      if (b == '\n' && cells.isDone()) {
        return;
      }
    }
  }

  /// Takes a number that fills a cell and lies whole in the bytes, as nearly all numbers do, with
  /// the delimiter behind it. Every other cell is read byte by byte.
  ///
  /// @return the index behind what was taken, or `from` if there is no such number
  private int plainNumber(byte[] bytes, int from, int end) {
    byte first = bytes[from];
    if (place != Place.CELL_START
        || !numeric
        || (first != '-' && (first < '0' || first > '9'))
        || carriageReturn
        || !cells.takesNumber(column)) {
      return from;
    }
    int behind = number.read(bytes, from, end, false);
    if (behind < 0) {
      return from;
    }
    byte next = bytes[behind];
    if (next == delimiter) {
      cells.number(column, number.value());
      column++;
      return behind + 1;
    }
    if (next != '\n' && next != '\r') {
      return from;
    }
    cells.number(column, number.value());
    place = Place.PLAIN;
    taken = true;
    return behind;
  }

  /// Passes over a byte order mark. Bytes that only begin like one are text.
  private void begin(byte b) {
    if (b != BYTE_ORDER_MARK[markBytes]) {
      endMark();
      take(b);
    } else if (++markBytes == BYTE_ORDER_MARK.length) {
      markBytes = 0;
      endMark();
      lineStart = offset + 1;
    }
  }

  private void endMark() {
    markPast = true;
    numeric = plainNumbers;
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
      throw fail("A carriage return must be followed by a line feed: lines end with LF or CRLF.");
    }
    if (b == delimiter) {
      endCell();
      return;
    }
    switch (b) {
      case '\n' -> endLine();
      case '\r' -> carriageReturn = true;
      case '"' -> quote();
      case ' ', '\t' -> blank(b);
      default -> {
        requireOpen(b);
        append(b);
        place = Place.PLAIN;
      }
    }
  }

  /// A blank at the start of a cell or behind its quotes is passed over. [CsvCell#end] cuts those
  /// at the end of a plain cell.
  private void blank(byte b) {
    switch (place) {
      case CELL_START, BEHIND_QUOTED -> {}
      case PLAIN, QUOTED -> append(b);
      case QUOTE_IN_QUOTED -> place = Place.BEHIND_QUOTED;
    }
    tabbed |= place == Place.BEHIND_QUOTED && b == '\t';
  }

  private void quote() {
    switch (place) {
      case CELL_START -> {
        cell.quote();
        place = Place.QUOTED;
      }
      case QUOTE_IN_QUOTED -> {
        append((byte) '"');
        place = Place.QUOTED;
      }
      case BEHIND_QUOTED -> requireOpen((byte) '"');
      case PLAIN, QUOTED -> {
        likely((char) cell.last());
        throw fail(
            "A cell has a quote in its text; put the whole cell in quotes and write that quote"
                + " twice.");
      }
    }
  }

  private void requireOpen(byte b) {
    if (place == Place.QUOTE_IN_QUOTED || place == Place.BEHIND_QUOTED) {
      likely(place == Place.QUOTE_IN_QUOTED ? (char) b : tabbed ? '\t' : ' ');
      throw fail(
          "A closing quote must be followed by "
              + LikelyDialect.named(dialect.delimiter())
              + " or the end of the line.");
    }
  }

  /// Refuses a body whose first line has another delimiter beside a quote.
  private void likely(char delimiting) {
    if (line == 1 && column == 0 && LikelyDialect.BESIDE_QUOTES.indexOf(delimiting) >= 0) {
      throw fail(
          "The first line has "
              + LikelyDialect.named(delimiting)
              + " beside a quote: "
              + LikelyDialect.send(dialect.delimitedBy(delimiting))
              + ".");
    }
  }

  private void append(byte b) {
    if (!cell.append(b)) {
      throw fail("A cell must not be longer than " + CsvCell.LONGEST + " bytes.");
    }
  }

  private void endCell() {
    if (!taken) {
      cell.end();
      cells.cell(column, cell);
    }
    taken = false;
    if (column < Integer.MAX_VALUE) {
      column++;
    }
    cell.clear();
    place = Place.CELL_START;
  }

  private void endLine() {
    carriageReturn = false;
    if (column == 0 && place == Place.CELL_START) {
      cells.blankLine();
    } else {
      endCell();
      cells.endLine(column);
    }
    column = 0;
    beginLine();
  }

  private void beginLine() {
    line++;
    lineStart = offset + 1;
  }

  /// Whether no more bytes are wanted.
  boolean isDone() {
    return cells.isDone();
  }

  /// Ends the text. The last line need not end with a line feed.
  void finish() {
    endMark();
    if (place == Place.QUOTED) {
      throw fail("The body ends inside a quoted cell.");
    }
    if (column > 0 || place != Place.CELL_START) {
      endLine();
    }
  }

  /// The text of a cell.
  ///
  /// @throws UnreadableBody if it is not UTF-8
  String text(CsvCell text) {
    try {
      return text.text();
    } catch (CharacterCodingException e) {
      throw fail(
          "The text of a cell is not UTF-8. "
              + "If it is Latin-1, "
              + LikelyDialect.send(dialect.in(StandardCharsets.ISO_8859_1))
              + ".");
    }
  }

  /// A refusal of the body at the present place.
  UnreadableBody fail(String detail) {
    return new UnreadableBody(detail, line, offset - lineStart + 1);
  }
}
