package io.evenkeel.codec.sample;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.normalizer.definition.Reception;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One column of a sample: what its cells hold, and whether it can be a feature.
///
/// A column can be a feature if it has a name and each of its cells holds a number or nothing.
public final class SampledColumn {
  /// Texts that stand for a missing value in some files. Unlike [Reception#NA] they could also be
  /// text, so they count only beside numbers.
  private static final Set<String> MARKS =
      Set.of(
          "?", "-", "--", ".", "*", "missing", "Missing", "MISSING", "unknown", "none", "n.a.",
          "N.A.", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!");

  private static final Set<String> NA = Set.copyOf(Reception.NA);

  private final String name;
  private final Set<String> marks = new LinkedHashSet<>();
  private int numbers;
  private int gaps;
  private int texts;
  private @Nullable String text;
  private @Nullable String type;
  private boolean index;

  /// @param name as the table has it, without blanks at its ends
  public SampledColumn(String name) {
    this.name = name;
  }

  /// The name of the column.
  public String name() {
    return name;
  }

  /// Takes a cell that holds a number or a truth value.
  public void number() {
    numbers++;
  }

  /// Takes a cell that holds nothing.
  public void missing() {
    missing(1);
  }

  /// Takes the cells of so many rows that hold nothing.
  public void missing(int rows) {
    gaps += rows;
  }

  /// Takes a cell whose text is no number.
  public void text(String cell) {
    if (cell.isEmpty() || NA.contains(cell)) {
      gaps++;
    } else if (MARKS.contains(cell)) {
      gaps++;
      marks.add(cell);
    } else {
      other(cell);
    }
  }

  /// Takes a cell that can be neither a number nor nothing, such as a text in quotes or a list.
  ///
  /// @param shown how the cell is repeated to the client
  public void other(String shown) {
    texts++;
    if (text == null) {
      text = Excerpt.of(shown);
    }
  }

  /// Takes a type whose values can be neither numbers nor text, such as a time.
  public void typed(String name) {
    type = name;
  }

  /// Tells that the column counts or names the rows, as the index of pandas does.
  public void index() {
    index = true;
  }

  /// Why the column is no feature unless it is asked for; empty if it is one.
  public Optional<String> why() {
    return index ? Optional.of("the index of pandas") : unfit();
  }

  /// Why the column cannot be a feature; empty if it can.
  public Optional<String> unfit() {
    if (name.isEmpty()) {
      return Optional.of("no name: an index");
    }
    if (text != null) {
      return Optional.of("text: " + Excerpt.quoted(text) + share());
    }
    if (type != null) {
      return Optional.of("type " + type);
    }
    if (numbers == 0) {
      return Optional.of(
          marks.isEmpty()
              ? "empty: no row has a value"
              : "text: " + Excerpt.quoted(marks.iterator().next()));
    }
    return Optional.empty();
  }

  /// How many rows keep a column with numbers from being a feature.
  private String share() {
    int rows = numbers + gaps + texts;
    return numbers == 0 ? "" : " in " + texts + " of " + rows + (rows == 1 ? " row" : " rows");
  }

  /// Whether a cell holds nothing, or a mark for it.
  public boolean hasGaps() {
    return gaps > 0;
  }

  /// The texts beyond [Reception#NA] that stand for a missing value here.
  public Set<String> marks() {
    return Set.copyOf(marks);
  }
}
