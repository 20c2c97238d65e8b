package io.evenkeel.normalization;

import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import java.nio.DoubleBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows `[N × D]` of an answer, of which the last may not be normalised yet. Rows that are
/// normalised as they are written need no place of their own; those that are normalised just before
/// are still in the cache.
///
/// Only for rows of which it is certain that they can be normalised. Used by one thread at a time.
public final class RowsToCome {
  private final double[] received;
  private final int rows;
  private final Optional<Step> step;
  private double @Nullable [] values;
  private int made;

  private RowsToCome(double[] received, int rows, Optional<Step> step) {
    this.received = received;
    this.rows = rows;
    this.step = step;
  }

  /// Normalises rows.
  private record Step(Normalization normalization, FeatureBatch x) {
    /// An array for all rows.
    double[] room() {
      int size = x.rows() * x.features();
      return x.values().length == size && !x.hasMissing() ? x.values() : new double[size];
    }

    void apply(double[] y, int from, int behind) {
      normalization.apply(x.values(), y, from, behind);
    }

    void apply(DoubleBuffer y, int from, int behind) {
      normalization.apply(x.values(), y, from, behind);
    }
  }

  /// Rows that are normalised.
  public static RowsToCome made(double[] values) {
    return new RowsToCome(values, 0, Optional.empty());
  }

  /// The rows of a batch, in the array of its values where it is exactly as long and none is
  /// missing: a second array need not be allocated and cleared.
  ///
  /// Only for a batch whose fate is decided: if a later step failed, nobody could try the batch
  /// again.
  static RowsToCome inPlace(Normalization normalization, FeatureBatch x) {
    return new RowsToCome(x.values(), x.rows(), Optional.of(new Step(normalization, x)));
  }

  /// The array in which the rows came. It may have normalised rows by now.
  public double[] received() {
    return received;
  }

  /// The array, in which at least the rows before one are normalised.
  public double[] before(int row) {
    double[] all = values;
    if (all == null) {
      all = step.map(Step::room).orElse(received);
      values = all;
    }
    int behind = Math.min(row, rows);
    if (step.isPresent() && made < behind) {
      step.get().apply(all, made, behind);
      made = behind;
    }
    return all;
  }

  /// Puts rows into a buffer, the first at its index 0. Rows that are not normalised yet are
  /// normalised into the buffer, and stay as they are in the array.
  ///
  /// @param features D
  public void put(int row, int count, int features, DoubleBuffer target) {
    if (step.isPresent() && made <= row && row + count <= rows) {
      step.get().apply(target, row, row + count);
    } else {
      target.put(0, before(row + count), row * features, count * features);
    }
  }

  /// The array with all rows.
  public double[] all() {
    return before(rows);
  }
}
