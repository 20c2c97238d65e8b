package io.evenkeel.admission;

import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import java.util.BitSet;
import java.util.Optional;

/// Decides whether a batch and what a loss changes by with each of its answers go together: the
/// batch as if it were to be normalised, a gradient for each value that is answered.
public final class GradientAdmission {
  private static final String MEMBER = "#/outputGradients";

  private final BatchAdmission admission;

  /// With what decides upon the batch.
  public GradientAdmission(BatchAdmission admission) {
    this.admission = admission;
  }

  /// A batch and the gradients of its answers.
  ///
  /// @param outputGradients `[N × D]`, NaN where nothing is answered
  /// @param moved which values (row · D + feature) were moved to the end of a range: what is
  ///   answered does not depend on them
  @SuppressWarnings("ArrayRecordComponent") // handed on to the one pass that reads them
  public record Admitted(FeatureBatch batch, double[] outputGradients, BitSet moved) {}

  /// Admits both or none.
  ///
  /// @param gradients as they were received, if they were
  /// @throws InvalidInput with all faults of both
  public Admitted admit(ReceivedBatch rows, Optional<ReceivedBatch> gradients, Purpose purpose) {
    Faults faults = new Faults();
    BitSet moved = new BitSet();
    Optional<FeatureBatch> batch = admitted(rows, purpose, moved, faults);
    Optional<FeatureBatch> output =
        gradients.flatMap(g -> admitted(g, Purpose.INFERENCE, new BitSet(), faults));
    if (gradients.isEmpty()) {
      faults.add(new Fault(MEMBER, Fault.NOT_NULL, "The body has no outputGradients."));
    } else if (gradients.get().rows() != rows.rows()) {
      String detail =
          "There are "
              + gradients.get().rows()
              + " rows of gradients for "
              + rows.rows()
              + " rows.";
      faults.add(new Fault(MEMBER, Fault.SIZE, detail));
    } else if (batch.isPresent() && output.isPresent()) {
      compare(batch.get(), output.get(), gradients.get().pointers(), faults);
    }
    if (!faults.isEmpty()) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
    return new Admitted(batch.orElseThrow(), output.orElseThrow().values(), moved);
  }

  private Optional<FeatureBatch> admitted(
      ReceivedBatch received, Purpose purpose, BitSet moved, Faults faults) {
    try {
      return Optional.of(admission.admit(received, purpose, moved).batch());
    } catch (InvalidInput e) {
      faults.addAll(e.faults());
      return Optional.empty();
    }
  }

  private static void compare(
      FeatureBatch batch, FeatureBatch output, Pointers pointers, Faults faults) {
    int features = batch.features();
    for (int i = 0; i < batch.rows() * features; i++) {
      if (Double.isNaN(output.values()[i]) && !Double.isNaN(batch.values()[i])) {
        String pointer = pointers.cell(i / features, i % features);
        faults.add(() ->
            new Fault(
                pointer, Fault.MISSING_VALUE, "The gradient of a value that is there is missing."));
      }
    }
  }
}
