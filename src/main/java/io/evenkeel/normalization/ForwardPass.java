package io.evenkeel.normalization;

import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.RowByRow;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.Normalizer;

/// Normalises the rows of a batch, in the place of its values or beside them.
final class ForwardPass {
  private ForwardPass() {}

  /// The rows `[N × D]` by the running statistics of a model; may overwrite the values. If the
  /// extremes of the batch tell that every normalised value is finite, nothing is normalised yet.
  ///
  /// @throws InvalidInput if a normalised value is not finite
  static RowsToCome ofInference(Model model, AskedBatch batch) {
    Normalization normalization = model.normalization();
    RowsToCome rows = RowsToCome.inPlace(normalization, batch.values());
    if (!isKnownFinite(normalization, batch)) {
      finite(batch, rows.all());
    }
    return rows;
  }

  private static boolean isKnownFinite(Normalization normalization, AskedBatch batch) {
    FeatureBatch x = batch.values();
    return x.arrived()
        .map(moments -> FeatureRange.of(x, moments, batch.answered()))
        .filter(range -> normalization.firstOverflow(range) < 0)
        .isPresent();
  }

  /// The rows `[N × D]` in an array of their own; the values stay.
  ///
  /// @throws InvalidInput if a normalised value is not finite
  static double[] beside(Normalization normalization, AskedBatch batch) {
    FeatureBatch x = batch.values();
    double[] y = new double[x.rows() * x.features()];
    normalization.apply(x.values(), y, x.rows());
    return finite(batch, y);
  }

  /// The rows `[N × D]` of a batch whose rows enter the running statistics one after the other, in
  /// an array of their own.
  ///
  /// Only for a batch that the log has counted: then all of them are finite, see
  /// [io.evenkeel.batchnorm.RowByRowBound].
  ///
  /// @param before the state before the first row, not frozen
  static double[] rowByRow(Normalizer before, FeatureBatch x) {
    if (!(before.definition().training() instanceof Training.Running running)) {
      throw new IllegalStateException("rows enter one by one under running statistics only");
    }
    return RowByRow.normalize(
        x,
        before.pooledStatistics(),
        running.order(),
        before.affine(),
        before.definition().rules());
  }

  /// The same for a batch that is not counted yet.
  ///
  /// @param before the state before the first row
  /// @throws InvalidInput if a normalised value is not finite
  static double[] checkedRowByRow(Normalizer before, AskedBatch batch) {
    return before.isFrozen()
        ? beside(before.live().normalization(), batch)
        : finite(batch, rowByRow(before, batch.values()));
  }

  private static double[] finite(AskedBatch batch, double[] y) {
    FiniteRows.require(batch, y, "The normalised value");
    return y;
  }
}
