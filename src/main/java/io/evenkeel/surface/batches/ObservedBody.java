package io.evenkeel.surface.batches;

import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.Normalizer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The moments of a body of any length, computed part by part: one batch in constant memory. The
/// faults of all parts are collected. With any fault nothing is counted.
final class ObservedBody implements Consumer<ReceivedBatch> {
  private final Normalizer normalizer;
  private final BatchAdmission admission;
  private final Faults faults = new Faults();
  private @Nullable BatchMoments moments;
  private long rows;
  private boolean weighted;

  ObservedBody(Normalizer normalizer, BatchAdmission admission) {
    this.normalizer = normalizer;
    this.admission = admission;
  }

  @Override
  public void accept(ReceivedBatch part) {
    rows += part.rows();
    try {
      FeatureBatch batch = admission.admit(part, Purpose.OBSERVING).batch();
      if (faults.isEmpty()) {
        count(batch);
      }
    } catch (InvalidInput e) {
      faults.addAll(e.faults());
    }
  }

  /// Whether any rows have already become moments.
  boolean hasBegun() {
    return rows > 0;
  }

  private void count(FeatureBatch batch) {
    BatchMoments next = normalizer.definition().momentsOf(batch);
    moments = moments == null ? next : moments.plus(next);
    for (int i = 0; !weighted && i < batch.rows(); i++) {
      weighted = batch.weight(i) > 0;
    }
  }

  /// Takes the last part.
  ///
  /// @throws InvalidInput with the faults of all parts
  BatchMoments end(ReceivedBatch last) {
    accept(last);
    if (faults.isEmpty()) {
      admission.requireRows(rows, weighted);
    }
    if (!faults.isEmpty() || moments == null) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
    return moments;
  }
}
