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

/// Demands that every row has D values that obey the [BatchRules].
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ValidRows.Check.class)
@interface ValidRows {
  /// Not shown: the faults travel as the violation's payload.
  String message() default "rows break the normalizer's rules";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};

  /// Looks once through sound rows. Makes words only if a rule is broken.
  final class Check implements ConstraintValidator<ValidRows, ReceivedBatch> {
    @Override
    public boolean isValid(ReceivedBatch batch, ConstraintValidatorContext context) {
      if (batch.faults().noneOfRows() && batch.obeysRules()) {
        return true;
      }
      Faults faults = new Faults();
      for (int row = 0; row < batch.rows(); row++) {
        if (batch.faults().has(row)) {
          batch.faults().of(row).forEach(faults::add);
        } else {
          explain(batch, row, faults);
        }
      }
      faults.addUntold(batch.faults().untold());
      return FoundFaults.report(faults, context);
    }

    private static void explain(ReceivedBatch batch, int row, Faults faults) {
      for (int j = 0; j < batch.features(); j++) {
        double x = batch.values()[row * batch.features() + j];
        int feature = j;
        batch
            .rules()
            .broken(j, x)
            .ifPresent(code ->
                faults.add(() ->
                    new Fault(
                        batch.pointers().cell(batch.firstRow() + row, feature),
                        code,
                        batch.rules().detail(code, feature, x))));
      }
    }
  }
}
