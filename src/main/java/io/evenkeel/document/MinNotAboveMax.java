package io.evenkeel.document;

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

/// Demands that `min` of a feature is not above `max`.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = MinNotAboveMax.Check.class)
@interface MinNotAboveMax {
  /// Not shown: the fault travels as the violation's payload.
  String message() default "min must not be above max";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};

  /// Compares the two.
  final class Check implements ConstraintValidator<MinNotAboveMax, FeatureDocument> {
    @Override
    public boolean isValid(FeatureDocument feature, ConstraintValidatorContext context) {
      if (feature.min() == null || feature.max() == null || feature.min() <= feature.max()) {
        return true;
      }
      String detail =
          "'min' is "
              + Numbers.plain(feature.min())
              + "; it must not be above 'max', "
              + Numbers.plain(feature.max())
              + ".";
      return FoundFaults.report(Faults.of(new Fault("#", Fault.MIN_ABOVE_MAX, detail)), context);
    }
  }
}
