package io.evenkeel.normalization;

import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.moments.FeatureBatch;

/// The rows `[N × D]` of an answer in one array, of which the last may not be normalised yet. Rows
/// that are normalised just before they are written are still in the cache then.
///
/// Only for rows of which it is certain that they can be normalised. Used by one thread at a time.
public final class RowsToCome {
  private final double[] values;
  private final int rows;
  private final Step step;
  private int made;

  private RowsToCome(double[] values, int rows, int made, Step step) {
    this.values = values;
    this.rows = rows;
    this.made = made;
    this.step = step;
  }

  /// Normalises rows.
  private interface Step {
    void apply(int from, int behind);
  }

  /// Rows that are normalised.
  public static RowsToCome made(double[] values) {
    return new RowsToCome(values, 0, 0, (_, _) -> {});
  }

  /// The rows of a batch, in the array of its values where it is exactly as long and none is
  /// missing: a second array need not be allocated and cleared.
  ///
  /// Only for a batch whose fate is decided: if a later step failed, nobody could try the batch
  /// again.
  static RowsToCome inPlace(Normalization normalization, FeatureBatch x) {
    int size = x.rows() * x.features();
    double[] y = x.values().length == size && !x.hasMissing() ? x.values() : new double[size];
    return new RowsToCome(
        y, x.rows(), 0, (from, behind) -> normalization.apply(x.values(), y, from, behind));
  }

  /// The array, in which at least the rows before one are normalised.
  public double[] before(int row) {
    int behind = Math.min(row, rows);
    if (made < behind) {
      step.apply(made, behind);
      made = behind;
    }
    return values;
  }

  /// The array with all rows.
  public double[] all() {
    return before(rows);
  }
}
