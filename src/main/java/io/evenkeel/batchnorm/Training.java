package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.moments.WindowKind;

/// The statistics that normalise the rows of a training batch.
public sealed interface Training {

  /// Whether the rows enter the running statistics one after the other: see [RowByRow].
  default boolean entersRowByRow() {
    return this instanceof Running(_, var per) && per == Running.Per.ROW;
  }

  /// The batch's own mean and biased variance: batch normalisation proper.
  record Batch() implements Training {}

  /// The pooled mean and biased variance of the last batches, this one included: `sliding` is
  /// Cross-Iteration Batch Normalization (Yao et al. 2021, <https://arxiv.org/abs/2002.05712>;
  /// equal to it for batches of equal size and weights not in motion), `tumbling` is CmBN
  /// (Bochkovskiy et al. 2020, <https://arxiv.org/abs/2004.10934>).
  ///
  /// @param batches how many, k ≥ 1
  record Window(int batches, WindowKind kind) implements Training {
    /// Refuses a window without batches.
    public Window {
      if (batches < 1) {
        throw new IllegalArgumentException("a window has at least one batch");
      }
    }
  }

  /// The batch's own statistics, corrected towards the running ones: see [BatchRenormalization].
  ///
  /// @param rMax limit of the correction of the scale, ≥ 1
  /// @param dMax limit of the correction of the shift, ≥ 0
  record Renormalization(double rMax, double dMax) implements Training {
    /// Refuses limits that no correction lies between.
    public Renormalization {
      if (!(rMax >= 1 && dMax >= 0)) {
        throw new IllegalArgumentException("rMax must be at least 1 and dMax at least 0");
      }
    }
  }

  /// The running statistics, as streaming scalers do.
  ///
  /// @param order whether a batch (or row) is normalised before or after it moves them
  /// @param per whether the rows enter together or one after the other
  record Running(Order order, Per per) implements Training {

    /// Normalise before or after the update.
    public enum Order {
      /// By the statistics before the batch or row.
      BEFORE,
      /// By the statistics after the batch or row.
      AFTER
    }

    /// The part of a batch that enters at once.
    public enum Per {
      /// The whole batch.
      BATCH,
      /// Each row by itself, in order.
      ROW
    }
  }
}
