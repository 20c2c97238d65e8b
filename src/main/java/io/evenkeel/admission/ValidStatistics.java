package io.evenkeel.admission;

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

/// Demands that statistics have a finite and possible value for each feature: no count or variance
/// is negative, and the mean lies between minimum and maximum.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ValidStatistics.Check.class)
@interface ValidStatistics {
  /// Not shown: the faults travel as the violation's payload.
  String message() default "statistics break the rules";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};

  /// Reports the faults that [StatisticsFaults] finds.
  final class Check implements ConstraintValidator<ValidStatistics, ReceivedStatistics> {
    @Override
    public boolean isValid(ReceivedStatistics received, ConstraintValidatorContext context) {
      Faults faults = StatisticsFaults.in(received);
      return faults.isEmpty() || FoundFaults.report(faults, context);
    }
  }
}
