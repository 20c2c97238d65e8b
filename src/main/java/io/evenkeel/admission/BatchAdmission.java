package io.evenkeel.admission;

import io.evenkeel.admission.AdmittedBatch.SkippedRow;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.WeightKind;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Numbers;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.validation.FoundFaults;
import jakarta.validation.Validator;
import jakarta.validation.groups.Default;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides whether received rows may be counted or normalised. One bad row refuses the whole batch,
/// unless its sender asks to leave bad rows out.
public final class BatchAdmission {
  private final Validator validator;

  /// @param validator checks the constraints of this package
  public BatchAdmission(Validator validator) {
    this.validator = validator;
  }

  /// The purpose for which rows were sent.
  public enum Purpose {
    /// To normalise them by the running statistics: any number of rows.
    INFERENCE,
    /// To count and normalise them: at least `minimumBatchRows`.
    TRAINING,
    /// To count them only: at least one row in the whole body, which [#requireRows] checks.
    OBSERVING
  }

  /// Admits all rows or none.
  ///
  /// @throws InvalidInput with all faults
  public AdmittedBatch admit(ReceivedBatch received, Purpose purpose) {
    return admit(received, purpose, null);
  }

  /// Admits all rows or none.
  ///
  /// @param moved learns the places (row · D + feature) of values that were moved to the end of a
  ///   range or made missing, if it is given: the normalised values do not depend on them
  /// @throws InvalidInput with all faults
  public AdmittedBatch admit(ReceivedBatch received, Purpose purpose, @Nullable BitSet moved) {
    received.adjust(moved);
    Faults faults = new Faults();
    if (!isPlain(received, purpose)) {
      faults.addAll(FoundFaults.in(validator.validate(received, groups(purpose))));
    }
    if (faults.isEmpty() && purpose == Purpose.TRAINING) {
      faults.addAll(weightless(received.weights()));
    }
    refuse(faults);
    return new AdmittedBatch(
        batch(received), received.firstRow(), received.rows(), List.of(), received.pointers());
  }

  private static boolean isPlain(ReceivedBatch received, Purpose purpose) {
    int least = purpose == Purpose.TRAINING ? received.definition().minimumBatchRows() : 0;
    return received.isPlain() && EnoughRows.Check.enough(received.rows(), least);
  }

  private static FeatureBatch batch(ReceivedBatch received) {
    return received.isComplete()
        ? complete(received)
        : FeatureBatch.of(
            received.rows(),
            received.features(),
            received.values(),
            received.weights(),
            received.weightKind());
  }

  private static FeatureBatch complete(ReceivedBatch received) {
    int rows = received.rows();
    int features = received.features();
    double[] values = received.values();
    WeightKind kind = received.weightKind();
    return received
        .arrived()
        .map(moments -> FeatureBatch.arrived(rows, features, values, kind, moments))
        .orElseGet(() -> FeatureBatch.complete(rows, features, values, received.weights(), kind));
  }

  private static Class<?>[] groups(Purpose purpose) {
    return purpose == Purpose.TRAINING
        ? new Class<?>[] {Default.class, EnoughRows.OfTraining.class}
        : new Class<?>[] {Default.class};
  }

  /// Admits the rows that break no rule and leaves the others out.
  ///
  /// @param maxSkipped the largest share of the rows that may be left out, 0 to 1
  /// @throws InvalidInput with all faults if more rows break a rule, if a fault is not that of a
  ///   row, or if too few rows are left
  public AdmittedBatch admitSkipping(ReceivedBatch received, Purpose purpose, double maxSkipped) {
    received.adjust(null);
    List<SkippedRow> skipped = received.isAbsent() ? List.of() : brokenRows(received);
    if (skipped.isEmpty()) {
      return admit(received, purpose);
    }
    if (skipped.size() > maxSkipped * received.rows()) {
      return refused(received, purpose, skipped.size(), maxSkipped);
    }
    Faults faults = new Faults();
    faults.addAll(FoundFaults.in(validator.validate(received, ReceivedBatch.BesideRows.class)));
    refuse(faults);
    AdmittedBatch admitted = without(skipped, received);
    if (purpose == Purpose.TRAINING) {
      int left = admitted.batch().rows();
      int minimum = received.definition().minimumBatchRows();
      faults.addAll(EnoughRows.Check.faults(left, minimum, received.pointers().rows()));
      faults.addAll(weightless(admitted.batch().weights()));
      refuse(faults);
    }
    return admitted;
  }

  /// Refuses the batch with all faults, and says why its rows are not skipped.
  private AdmittedBatch refused(
      ReceivedBatch received, Purpose purpose, int broken, double maxSkipped) {
    try {
      return admit(received, purpose);
    } catch (InvalidInput e) {
      throw e.withMore(tooManyBroken(broken, received.rows(), maxSkipped));
    }
  }

  /// The sentence for a sender more of whose rows break a rule than may be skipped.
  public static String tooManyBroken(long broken, long rows, double maxSkipped) {
    return broken
        + " of "
        + rows
        + " rows break a rule; ?maxSkipped="
        + Numbers.plain(maxSkipped)
        + " is the largest share that is skipped.";
  }

  /// All faults of received rows; none if they break no rule.
  public Faults faults(ReceivedBatch received, Purpose purpose) {
    try {
      admit(received, purpose);
      return new Faults();
    } catch (InvalidInput e) {
      return e.faults();
    }
  }

  /// Returns the statistics if they break no rule.
  ///
  /// @throws InvalidInput with all faults
  public ReceivedStatistics require(ReceivedStatistics received, Subject subject) {
    Faults faults = FoundFaults.in(validator.validate(received));
    if (!faults.isEmpty()) {
      throw new InvalidInput(subject, faults);
    }
    return received;
  }

  private static List<SkippedRow> brokenRows(ReceivedBatch received) {
    List<SkippedRow> broken = new ArrayList<>();
    for (int row = 0; row < received.rows(); row++) {
      Optional<String> code =
          received.faults().has(row)
              ? Optional.of(received.faults().code(row))
              : firstBroken(received, row);
      if (code.isPresent()) {
        broken.add(new SkippedRow(row, code.get()));
      }
    }
    return broken;
  }

  private static Optional<String> firstBroken(ReceivedBatch received, int row) {
    Optional<String> code = Optional.empty();
    int features = received.features();
    for (int j = 0; code.isEmpty() && j < features; j++) {
      code = received.rules().broken(j, received.values()[row * features + j]);
    }
    return code;
  }

  private static AdmittedBatch without(List<SkippedRow> skipped, ReceivedBatch received) {
    int features = received.features();
    int left = received.rows() - skipped.size();
    double[] values = new double[left * features];
    double[] weights = received.weights();
    double[] kept = weights == null ? null : new double[left];
    int to = 0;
    int next = 0;
    for (int row = 0; row < received.rows(); row++) {
      if (next < skipped.size() && skipped.get(next).row() == row) {
        next++;
      } else {
        System.arraycopy(received.values(), row * features, values, to * features, features);
        if (weights != null && kept != null) {
          kept[to] = weights[row];
        }
        to++;
      }
    }
    return new AdmittedBatch(
        FeatureBatch.of(left, features, values, kept, received.weightKind()),
        received.firstRow(),
        received.rows(),
        skipped,
        received.pointers());
  }

  /// Checks the rules for a whole body that was observed in parts.
  ///
  /// @param rows how many rows the body has
  /// @param weighted whether any row has a positive weight
  /// @throws InvalidInput if there are no rows or no weight
  public void requireRows(long rows, boolean weighted) {
    refuse(EnoughRows.Check.faults(rows, 1, Pointers.POSITIONS.rows()));
    if (!weighted) {
      refuse(weightless(new double[1]));
    }
  }

  private static Faults weightless(double @Nullable [] weights) {
    if (weights == null) {
      return new Faults();
    }
    for (double weight : weights) {
      if (weight > 0) {
        return new Faults();
      }
    }
    return Faults.of(
        new Fault(
            "#/weights", Fault.POSITIVE, "Every weight is 0; at least one must be positive."));
  }

  private static void refuse(Faults faults) {
    if (!faults.isEmpty()) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
  }
}
