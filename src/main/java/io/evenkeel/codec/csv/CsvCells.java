package io.evenkeel.codec.csv;

/// Takes the cells and lines that a [CsvLexer] finds.
interface CsvCells {
  /// Whether the cells of a column of the present line are wanted as numbers where they are plain
  /// ones. Every other cell comes to [#cell].
  boolean takesNumber(int column);

  /// Takes a cell that holds a plain decimal number.
  void number(int column, double x);

  /// Takes any other cell. It may be empty, and it may hold a number: in quotes, with a sign, cut
  /// off by the end of the bytes.
  void cell(int column, CsvCell cell);

  /// Takes the end of a line that is not blank.
  ///
  /// @param columns how many cells it has
  void endLine(int columns);

  /// Takes a line without a cell.
  void blankLine();

  /// Whether no more cells are wanted.
  default boolean isDone() {
    return false;
  }
}
