package io.evenkeel.codec.csv;

import io.evenkeel.admission.FormFaults;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.definition.Features;
import java.util.HashMap;
import java.util.Map;

/// The texts in columns of features. A column that has some and no number is one fault instead of a
/// fault a row.
final class TextColumns {
  /// How many texts make a column one of text.
  private static final int FEWEST = 3;

  /// How many bytes a column takes here.
  private static final int OF_COLUMN = 256;

  private final Features features;
  private final RowCollector rows;
  private final Map<Integer, Texts> columns = new HashMap<>();

  TextColumns(Features features, RowCollector rows) {
    this.features = features;
    this.rows = rows;
  }

  /// The texts in the column of one feature.
  private static final class Texts {
    private final int column;
    private final String first;
    private long count;
    private int searched;
    private boolean numbers;

    Texts(int column, String first) {
      this.column = column;
      this.first = first;
    }

    /// Whether a whole row has a number in the column.
    boolean besideNumbers(int feature, RowCollector rows) {
      if (!numbers) {
        numbers = rows.hasValue(feature, searched);
        searched = rows.rows();
      }
      return numbers;
    }
  }

  /// Adds a text in the row that is being read.
  ///
  /// @param detail a sentence about the text
  void add(int column, int feature, String text, String detail, BesideRows beside) {
    // the rows before go with the texts that they have
    rows.handOnComplete(beside);
    Texts texts = columns.get(feature);
    if (texts == null) {
      rows.memory().take(OF_COLUMN);
      texts = new Texts(column, detail);
      columns.put(feature, texts);
    }
    texts.count++;
    if (texts.count <= FEWEST || texts.besideNumbers(feature, rows)) {
      String pointer = Pointers.POSITIONS.cell(rows.row(), feature);
      rows.fault(new Fault(pointer, Fault.NOT_A_NUMBER, detail), beside);
    } else {
      rows.faultWithoutWords(Fault.NOT_A_NUMBER, beside);
    }
  }

  /// Makes one fault of those of each column without a number.
  void conclude(FormFaults faults) {
    columns.forEach((feature, texts) -> {
      if (texts.count >= FEWEST && !texts.besideNumbers(feature, rows)) {
        faults.gather(
            fault -> isOf(feature, fault), texts.count, fault(features.name(feature), texts));
      }
    });
    columns.clear();
  }

  private static boolean isOf(int feature, Fault fault) {
    return fault.code().equals(Fault.NOT_A_NUMBER)
        && fault.pointer().startsWith("#/rows/")
        && fault.pointer().endsWith("/" + feature);
  }

  private static Fault fault(String name, Texts texts) {
    return new Fault(
        "#/header/" + texts.column,
        Fault.NOT_A_NUMBER,
        "The column "
            + Excerpt.quoted(name)
            + " has "
            + texts.count
            + " texts and no number. "
            + texts.first
            + " If it is no feature, define the normalizer without it.");
  }

  /// Forgets the rows that are handed on.
  void forget() {
    columns.clear();
  }
}
