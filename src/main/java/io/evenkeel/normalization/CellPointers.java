package io.evenkeel.normalization;

/// Where in the body a value of a batch stands, as faults tell it: the body's sender knows rows as
/// arrays or objects, or columns, and the rows that were left out of the batch.
@FunctionalInterface
public interface CellPointers {
  /// The pointer of a value of the batch, see [Fault#pointer][io.evenkeel.fault.Fault#pointer].
  String of(int row, int feature);
}
