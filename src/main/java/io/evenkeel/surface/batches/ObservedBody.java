package io.evenkeel.surface.batches;

import io.evenkeel.admission.AdmittedBatch;
import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.admission.SkippedRows;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.Normalizer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The moments of a body of any length, computed part by part: one batch in constant memory. The
/// faults of all parts are collected. With any fault nothing is counted, unless the sender asks to
/// leave bad rows out and they are few enough; how many they are is known at the end of the body.
final class ObservedBody implements Consumer<ReceivedBatch> {
  /// How many bytes a row takes that is left out: its index, its code, and its place in a list.
  private static final int OF_SKIPPED_ROW = 32;

  private final Normalizer normalizer;
  private final BatchAdmission admission;
  private final BatchParameters parameters;
  private final MemoryShare memory;
  private final Faults faults = new Faults();
  private final SkippedRows skipped = new SkippedRows();
  private @Nullable BatchMoments moments;
  private boolean refused;
  private long rows;
  private boolean weighted;

  /// @param memory is asked before the rows of a part are copied without its bad rows
  ObservedBody(
      Normalizer normalizer,
      BatchAdmission admission,
      BatchParameters parameters,
      MemoryShare memory) {
    this.normalizer = normalizer;
    this.admission = admission;
    this.parameters = parameters;
    this.memory = memory;
  }

  @Override
  public void accept(ReceivedBatch received) {
    ReceivedBatch part = received.weighedBy(parameters.weightKind());
    rows += part.rows();
    if (parameters.skipInvalid()) {
      long copied = copied(part);
      memory.take(copied);
      admit(part);
      memory.giveBack(copied);
    } else {
      admit(part);
    }
  }

  private static long copied(ReceivedBatch part) {
    return part.rows() * ((long) Double.BYTES * (part.features() + 1) + OF_SKIPPED_ROW);
  }

  private void admit(ReceivedBatch part) {
    try {
      AdmittedBatch admitted =
          parameters.skipInvalid()
              ? admission.admitSkipping(part, Purpose.OBSERVING, 1)
              : admission.admit(part, Purpose.OBSERVING);
      if (!admitted.skipped().isEmpty()) {
        skipped.add(admitted);
        // they are told if there are more than allowed in the whole body
        faults.addAll(admission.faults(part, Purpose.OBSERVING));
      }
      if (!refused) {
        count(admitted.batch());
      }
    } catch (InvalidInput e) {
      refused = true;
      faults.addAll(
          parameters.skipInvalid() ? admission.faults(part, Purpose.OBSERVING) : e.faults());
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
    if (refused) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
    if (skipped.count() > parameters.maxSkipped() * rows) {
      throw new InvalidInput(Subject.BATCH, faults)
          .withMore(BatchAdmission.tooManyBroken(skipped.count(), rows, parameters.maxSkipped()));
    }
    admission.requireRows(rows - skipped.count(), weighted);
    if (moments == null) {
      throw new IllegalStateException("rows were counted without moments");
    }
    return moments;
  }

  /// The rows that were left out.
  SkippedRows skipped() {
    return skipped;
  }
}
