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

/// Demands that the body has rows and that the codec found no fault in its header or columns.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ValidForm.Check.class)
@interface ValidForm {
  /// Not shown: the faults travel as the violation's payload.
  String message() default "the body's form breaks the rules";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};

  /// Reports the faults that the codec noted.
  final class Check implements ConstraintValidator<ValidForm, ReceivedBatch> {
    @Override
    public boolean isValid(ReceivedBatch batch, ConstraintValidatorContext context) {
      Faults faults = new Faults();
      faults.addAll(batch.faults().ofBody());
      if (batch.isAbsent()) {
        faults.add(
            new Fault(
                "#/rows",
                Fault.NOT_NULL,
                "The body has no rows. Send an array of rows, alone or as the member 'rows', or"
                    + " the member 'columns'."));
      }
      return faults.isEmpty() || FoundFaults.report(faults, context);
    }
  }
}
