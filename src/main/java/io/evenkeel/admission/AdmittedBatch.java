package io.evenkeel.admission;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalization.AskedBatch;
import io.evenkeel.normalization.RowsToCome;
import java.util.Arrays;
import java.util.List;

/// A batch that obeys every rule, and the rows that were left out of it.
///
/// @param batch the admitted rows, in order
/// @param firstRow index in the body of the first received row
/// @param received how many rows were received
/// @param skipped the rows that were left out, by ascending index
/// @param pointers into the body
public record AdmittedBatch(
    FeatureBatch batch, long firstRow, int received, List<SkippedRow> skipped, Pointers pointers) {

  /// A row that broke a rule and was left out.
  ///
  /// @param row its index among the received rows
  /// @param code of its first fault
  public record SkippedRow(int row, String code) {}

  /// Where in the body a value of the batch stands.
  public String pointer(int row, int feature) {
    int among = row;
    for (SkippedRow left : skipped) {
      if (left.row() > among) {
        break;
      }
      among++;
    }
    return pointers.cell(firstRow + among, feature);
  }

  /// The batch as the service takes it.
  ///
  /// @param answered the type that the normalised values must fit
  public AskedBatch asked(FloatType answered) {
    return new AskedBatch(batch, this::pointer, answered);
  }

  /// The same for rows of which some are not normalised yet.
  public RowsToCome inPlace(RowsToCome normalized) {
    return skipped.isEmpty() ? normalized : RowsToCome.made(inPlace(normalized.all()));
  }

  /// Puts the normalised rows `[n × D]` of this batch back into their places in a matrix `[N × D]`.
  /// Rows that were left out are NaN.
  public double[] inPlace(double[] normalized) {
    if (skipped.isEmpty()) {
      return normalized;
    }
    int features = batch.features();
    double[] all = new double[received * features];
    int from = 0;
    int next = 0;
    for (int row = 0; row < received; row++) {
      if (next < skipped.size() && skipped.get(next).row() == row) {
        Arrays.fill(all, row * features, (row + 1) * features, Double.NaN);
        next++;
      } else {
        System.arraycopy(normalized, from * features, all, row * features, features);
        from++;
      }
    }
    return all;
  }
}
