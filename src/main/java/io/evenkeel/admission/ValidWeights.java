package io.evenkeel.admission;

import io.evenkeel.batchnorm.moments.WeightKind;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Numbers;
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

/// Demands a weight for each row: 0, or between 1e-100 and 1e100. Sums of products of larger or
/// smaller weights would overflow or vanish.
///
/// [BatchAdmission] refuses weights that are all 0, because that is a rule for the whole body.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ValidWeights.Check.class)
@interface ValidWeights {
  /// Not shown: the faults travel as the violation's payload.
  String message() default "weights break the rules";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};

  /// Checks each weight.
  final class Check implements ConstraintValidator<ValidWeights, ReceivedBatch> {
    private static final double LEAST = 1e-100;
    private static final double GREATEST = 1e100;

    @Override
    public boolean isValid(ReceivedBatch batch, ConstraintValidatorContext context) {
      double[] weights = batch.weights();
      if (weights == null) {
        return true;
      }
      Faults faults = new Faults();
      if (weights.length != batch.rows()) {
        faults.add(
            new Fault(
                "#/weights",
                Fault.SIZE,
                "The batch has "
                    + weights.length
                    + " weights and "
                    + batch.rows()
                    + " rows; it must have one weight for each row."));
      }
      for (int i = 0; i < weights.length; i++) {
        double w = weights[i];
        String pointer = "#/weights/" + (batch.firstRow() + i);
        if (Double.isNaN(w)) {
          faults.add(() ->
              new Fault(pointer, Fault.NOT_NULL, "The weight is missing; each row must have one."));
        } else if (Double.isInfinite(w)) {
          faults.add(() ->
              new Fault(pointer, Fault.NOT_FINITE, "The weight is infinite; it must be finite."));
        } else if (w < 0) {
          faults.add(() ->
              new Fault(
                  pointer,
                  Fault.NEGATIVE,
                  "The weight is " + Numbers.plain(w) + "; it must not be negative."));
        } else if (w != 0 && !(w >= LEAST && w <= GREATEST)) {
          faults.add(() ->
              new Fault(
                  pointer,
                  Fault.OUT_OF_RANGE,
                  "The weight is "
                      + Numbers.plain(w)
                      + "; it must be 0 or between 1e-100 and 1e100."));
        } else if (batch.weightKind() == WeightKind.FREQUENCY && w != Math.rint(w)) {
          faults.add(() ->
              new Fault(
                  pointer,
                  Fault.DIGITS,
                  "The weight is "
                      + Numbers.plain(w)
                      + "; a frequency must be a whole number. Send weightKind=reliability for"
                      + " other weights."));
        }
      }
      return faults.isEmpty() || FoundFaults.report(faults, context);
    }
  }
}
