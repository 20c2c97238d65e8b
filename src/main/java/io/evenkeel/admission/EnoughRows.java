package io.evenkeel.admission;

import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.validation.FoundFaults;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Demands that a training batch that is to be normalised has at least `minimumBatchRows` rows.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = EnoughRows.Check.class)
@interface EnoughRows {
  /// Not shown: the faults travel as the violation's payload.
  String message() default "too few rows";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};

  /// The group of batches that are to be normalised in training.
  interface OfTraining {}

  /// Checks the number of rows.
  final class Check implements ConstraintValidator<EnoughRows, ReceivedBatch> {
    @Override
    public boolean isValid(ReceivedBatch batch, ConstraintValidatorContext context) {
      if (batch.isAbsent()) {
        return true;
      }
      Faults faults =
          faults(batch.rows(), batch.definition().minimumBatchRows(), batch.pointers().rows());
      return faults.isEmpty() || FoundFaults.report(faults, context);
    }

    static boolean enough(long rows, int minimum) {
      return rows > 0 && rows >= minimum;
    }

    /// @param pointer of the rows
    static Faults faults(long rows, int minimum, String pointer) {
      if (rows == 0) {
        return Faults.of(
            new Fault(
                pointer,
                Fault.EMPTY_BATCH,
                "The batch has no rows; a training batch must have at least one."));
      }
      String detail =
          "The batch has "
              + rows
              + (rows == 1 ? " row" : " rows")
              + "; training takes at least "
              + minimum
              + " at a time. Send more together, or count them by :observe, which takes any"
              + " number.";
      return enough(rows, minimum)
          ? new Faults()
          : Faults.of(new Fault(pointer, Fault.BATCH_TOO_SMALL, detail));
    }
  }
}
