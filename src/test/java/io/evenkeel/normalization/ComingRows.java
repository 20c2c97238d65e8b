package io.evenkeel.normalization;

import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.moments.FeatureBatch;

/// Rows that are normalised as they are written, for tests of those who write them.
public final class ComingRows {
  private ComingRows() {}

  /// The rows of a batch.
  public static RowsToCome of(Normalization normalization, FeatureBatch x) {
    return RowsToCome.inPlace(normalization, x);
  }
}
