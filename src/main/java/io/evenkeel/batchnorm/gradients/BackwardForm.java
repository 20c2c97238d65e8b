package io.evenkeel.batchnorm.gradients;

import io.evenkeel.batchnorm.BatchRenormalization;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.statistics.PooledStatistics;

/// The statistics that normalised the rows of a batch, for the backward pass, and whether they
/// depend on the rows.
public sealed interface BackwardForm {

  /// Mean and biased variance of pooled rows, those of the batch among them: `training: batch`
  /// (nothing else is pooled) and `training: window` (with the batches before it). The statistics
  /// depend on the rows.
  ///
  /// @param pooled the moments `[D]`, this batch included
  record Pooled(FeatureMoments pooled) implements BackwardForm {}

  /// Batch renormalization: x̂ = (x − mean_B)/s_B · r + d. The batch's statistics depend on the
  /// rows; r and d are constants.
  ///
  /// @param batch the moments `[D]` of the batch alone
  /// @param r `[D]`, must not be written to
  /// @param d `[D]`, must not be written to
  @SuppressWarnings("ArrayRecordComponent") // handed on to the one pass that reads them
  record Renormalized(FeatureMoments batch, double[] r, double[] d) implements BackwardForm {
    /// With the correction of the forward pass.
    public static Renormalized by(FeatureMoments batch, BatchRenormalization correction) {
      return new Renormalized(batch, correction.r, correction.d);
    }
  }

  /// Statistics that no row moves: inference, frozen, `training: running` per batch.
  record Constant(MeanAndVariance statistics) implements BackwardForm {}

  /// `training: running` per row: each row by the running statistics just before or after it
  /// entered, which are constants.
  ///
  /// @param before the statistics before the first row
  record EachRow(PooledStatistics before, Training.Running.Order order) implements BackwardForm {}
}
