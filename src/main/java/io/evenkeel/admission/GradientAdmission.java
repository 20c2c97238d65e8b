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

/// Decides whether a batch and the gradients of a loss by its normalised values go together. The
/// batch must obey the rules as if it were normalised, and each normalised value must have a
/// gradient.
public final class GradientAdmission {
  private static final String MEMBER = "#/outputGradients";

  private final BatchAdmission admission;

  /// @param admission decides about the batch
  public GradientAdmission(BatchAdmission admission) {
    this.admission = admission;
  }

  /// A batch and the gradients by its normalised values.
  ///
  /// @param outputGradients `[N × D]`, NaN if the value is missing
  /// @param moved the places (row · D + feature) of values that were moved to the end of a range:
  ///   the normalised values do not depend on them
  @SuppressWarnings("ArrayRecordComponent") // handed on to the one pass that reads them
  public record Admitted(FeatureBatch batch, double[] outputGradients, BitSet moved) {}

  /// Admits both or none.
  ///
  /// @param gradients the gradients, if the body has them
  /// @throws InvalidInput with all faults of both
  public Admitted admit(ReceivedBatch rows, Optional<ReceivedBatch> gradients, Purpose purpose) {
    Faults faults = new Faults();
    BitSet moved = new BitSet();
    Optional<FeatureBatch> batch = admitted(rows, purpose, moved, faults);
    Optional<FeatureBatch> output =
        gradients.flatMap(g -> admitted(g, Purpose.INFERENCE, new BitSet(), faults));
    if (gradients.isEmpty()) {
      faults.add(new Fault(MEMBER, Fault.NOT_NULL, "The body has no member 'outputGradients'."));
    } else if (gradients.get().rows() != rows.rows()) {
      String detail =
          "The body has "
              + gradients.get().rows()
              + " rows of gradients and "
              + rows.rows()
              + " rows; it must have as many gradients as rows.";
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
                pointer,
                Fault.MISSING_VALUE,
                "The gradient is missing; each value that is not missing must have one."));
      }
    }
  }
}
