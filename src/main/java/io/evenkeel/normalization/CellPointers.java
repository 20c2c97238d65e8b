package io.evenkeel.normalization;

/// Finds the place of a batch's value in the body, for faults. The sender may have sent arrays,
/// objects or columns, and rows that the batch leaves out.
@FunctionalInterface
public interface CellPointers {
  /// The pointer of a value of the batch, see [Fault#pointer][io.evenkeel.fault.Fault#pointer].
  String of(int row, int feature);
}
