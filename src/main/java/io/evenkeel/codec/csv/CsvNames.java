package io.evenkeel.codec.csv;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The names in a header, in their order. Several columns may have no name.
final class CsvNames {
  /// The most columns: every feature, and as many columns that are no feature.
  static final int MOST = RowShape.MOST_COLUMNS;

  /// How many bytes a column takes beside the characters of its name.
  static final int OF_COLUMN = 192;

  private static final String COMMENT = "# ";

  private final MemoryShare memory;
  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> first = new HashMap<>();
  private final BitSet quoted = new BitSet();

  CsvNames(MemoryShare memory) {
    this.memory = memory;
  }

  /// Adds the name in the next cell of the header.
  void add(CsvCell cell, CsvLexer lexer) {
    if (names.size() == MOST) {
      throw lexer.fail("A header must not have more than " + MOST + " columns.");
    }
    String name = lexer.text(cell);
    memory.take((long) Character.BYTES * name.length() + OF_COLUMN);
    quoted.set(names.size(), cell.isQuoted());
    first.putIfAbsent(name.strip(), names.size());
    names.add(name);
  }

  int size() {
    return names.size();
  }

  /// Whether the line is no header: `sep=;`, which tells the delimiter to a spreadsheet.
  boolean tellDelimiter() {
    return names.size() == 2 && names.equals(List.of("sep=", ""));
  }

  /// Forgets all names.
  void clear() {
    names.clear();
    first.clear();
    quoted.clear();
  }

  /// The name of a column; empty if it has none.
  String get(int column) {
    return names.get(column);
  }

  /// The name of a column without the mark of a comment, with which numpy.savetxt begins a header;
  /// empty if it has none, or if another column has that name.
  Optional<String> uncommented(int column) {
    String name = names.get(column);
    return Optional.of(name)
        .filter(text -> text.startsWith(COMMENT) && !quoted.get(column))
        .map(text -> text.substring(COMMENT.length()).strip())
        .filter(text -> !text.isEmpty() && !first.containsKey(text));
  }

  /// The fault of a column whose name an earlier one has, if there is one.
  Optional<Fault> twice(int column) {
    String name = names.get(column);
    int earlier = first.getOrDefault(name.strip(), column);
    return earlier == column || name.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Fault(
                "#/header/" + column,
                Fault.DUPLICATE_FEATURE,
                "Columns "
                    + (earlier + 1)
                    + " and "
                    + (column + 1)
                    + " are both called "
                    + Excerpt.quoted(name)
                    + "; rename one, or leave it out of the body."));
  }

  /// All names, empty ones included.
  List<String> all() {
    return Collections.unmodifiableList(names);
  }

  /// The names that do not stand in quotes.
  List<String> unquoted() {
    return IntStream.range(0, names.size())
        .filter(column -> !quoted.get(column))
        .mapToObj(names::get)
        .toList();
  }
}
