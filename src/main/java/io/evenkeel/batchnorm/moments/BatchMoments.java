package io.evenkeel.batchnorm.moments;

import java.util.Optional;

/// The summary of a training batch for the running statistics: its number of rows and its moments.
/// The log carries this summary and never the rows.
///
/// @param rows N, counting rows without any value too
/// @param moments those of the batch `[D]`
/// @param aging how far the rows have aged the statistics, if they entered one after the other
///   under forgetting; otherwise the batch entered as a whole
public record BatchMoments(long rows, FeatureMoments moments, Optional<RowAging> aging) {

  /// The moments of a batch that enters as a whole.
  public static BatchMoments of(FeatureBatch batch) {
    return new BatchMoments(batch.rows(), FeatureMoments.of(batch), Optional.empty());
  }

  /// Both batches as one batch, the rows of `other` behind these. So a body of any length is one
  /// batch in constant memory.
  public BatchMoments plus(BatchMoments other) {
    if (aging.isEmpty() || other.aging.isEmpty()) {
      return new BatchMoments(rows + other.rows, moments.plus(other.moments), Optional.empty());
    }
    MomentsAccumulator sum = new MomentsAccumulator(moments);
    RowAging later = other.aging.get();
    for (int j = 0; j < moments.features(); j++) {
      sum.decay(j, later.factor(), other.moments.hasValue(j));
    }
    sum.add(other.moments);
    return new BatchMoments(
        rows + other.rows, sum.toMoments(), Optional.of(aging.get().before(later)));
  }
}
