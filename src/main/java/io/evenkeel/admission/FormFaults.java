package io.evenkeel.admission;

import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Faults of form that a codec found while it read a body. Some are faults of the body itself: its
/// header, the lengths of its columns. Others are faults of rows, in the order of the rows: a wrong
/// length, an unknown feature, text in place of a number. Only the first have words, so a body of
/// nothing but faults takes no more memory than a body of numbers.
public final class FormFaults {
  private static final int[] NO_ROWS = {};

  private final Faults body = new Faults();
  private final List<Fault> first = new ArrayList<>();
  private int[] firstRows = NO_ROWS;
  private int[] rows = NO_ROWS;
  private final List<String> codes = new ArrayList<>();
  private long count;

  /// Adds a fault of the body itself.
  public void addOfBody(Fault fault) {
    body.add(fault);
  }

  /// Adds faults of the body itself.
  public void addAllOfBody(Faults faults) {
    body.addAll(faults);
  }

  /// The faults of the body itself.
  Faults ofBody() {
    return body;
  }

  /// Adds a fault of a row.
  ///
  /// @param row its index in the [ReceivedBatch]; rows come in order
  public void add(int row, Fault fault) {
    add(row, fault.code(), () -> fault);
  }

  /// Adds a fault of a row. Its words are made only if it is among the first.
  ///
  /// @param row its index in the [ReceivedBatch]; rows come in order
  public void add(int row, String code, Supplier<Fault> fault) {
    addWithoutWords(row, code);
    if (first.size() < Faults.TOLD) {
      firstRows = grown(firstRows, first.size());
      firstRows[first.size()] = row;
      first.add(fault.get());
    }
  }

  /// Adds a fault of a row that has no words.
  ///
  /// @param row its index in the [ReceivedBatch]; rows come in order
  public void addWithoutWords(int row, String code) {
    if (codes.isEmpty() || rows[codes.size() - 1] != row) {
      rows = grown(rows, codes.size());
      rows[codes.size()] = row;
      codes.add(code);
    }
    count++;
  }

  /// Replaces faults of rows by one fault of the body. The rows stay known as rows with a fault.
  ///
  /// @param replaced tells which of the faults that have words
  /// @param all how many faults, with and without words
  public void gather(Predicate<Fault> replaced, long all, Fault instead) {
    int kept = 0;
    for (int i = 0; i < first.size(); i++) {
      if (!replaced.test(first.get(i))) {
        first.set(kept, first.get(i));
        firstRows[kept++] = firstRows[i];
      }
    }
    first.subList(kept, first.size()).clear();
    count -= all;
    body.add(instead);
  }

  private static int[] grown(int[] array, int size) {
    return size < array.length ? array : Arrays.copyOf(array, Math.max(16, size * 2));
  }

  /// Whether no row has a fault.
  boolean noneOfRows() {
    return count == 0;
  }

  /// How many faults of rows have no words.
  long untold() {
    return count - first.size();
  }

  /// The faults of a row that have words.
  List<Fault> of(int row) {
    int from = Arrays.binarySearch(firstRows, 0, first.size(), row);
    if (from < 0) {
      return List.of();
    }
    while (from > 0 && firstRows[from - 1] == row) {
      from--;
    }
    int to = from;
    while (to < first.size() && firstRows[to] == row) {
      to++;
    }
    return first.subList(from, to);
  }

  /// Whether a row has a fault.
  boolean has(int row) {
    return Arrays.binarySearch(rows, 0, codes.size(), row) >= 0;
  }

  /// The code of the first fault of a row that has one.
  String code(int row) {
    return codes.get(Arrays.binarySearch(rows, 0, codes.size(), row));
  }
}
