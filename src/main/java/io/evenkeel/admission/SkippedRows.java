package io.evenkeel.admission;

import io.evenkeel.admission.AdmittedBatch.SkippedRow;
import java.util.ArrayList;
import java.util.List;

/// The rows that were left out of a body of any length: the first 100, and how many there are in
/// all. Used by one thread.
public final class SkippedRows {
  /// How many rows are told.
  public static final int TOLD = 100;

  /// A row that was left out.
  ///
  /// @param row its index in the body
  /// @param code of its first fault
  public record Skipped(long row, String code) {}

  private final List<Skipped> first = new ArrayList<>();
  private long count;

  /// Adds the rows that were left out of the next part of the body.
  public void add(AdmittedBatch part) {
    for (SkippedRow row : part.skipped()) {
      if (first.size() == TOLD) {
        break;
      }
      first.add(new Skipped(part.firstRow() + row.row(), row.code()));
    }
    count += part.skipped().size();
  }

  /// The first 100 rows, by ascending index.
  public List<Skipped> first() {
    return List.copyOf(first);
  }

  /// How many rows were left out.
  public long count() {
    return count;
  }
}
