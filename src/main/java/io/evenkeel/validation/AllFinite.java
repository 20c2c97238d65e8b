package io.evenkeel.validation;

import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/// Demands that every number of an array is finite. A null array is valid.
@Documented
@Target({ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = AllFinite.Check.class)
public @interface AllFinite {
  /// The rule without its subject.
  String message() default "must be finite";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};

  /// Checks each number.
  final class Check implements ConstraintValidator<AllFinite, double[]> {
    @Override
    public boolean isValid(double @Nullable [] values, ConstraintValidatorContext context) {
      Faults faults = new Faults();
      for (int i = 0; values != null && i < values.length; i++) {
        if (!Double.isFinite(values[i])) {
          String pointer = "#/" + i;
          faults.add(() ->
              new Fault(pointer, Fault.NOT_FINITE, "The number is infinite; it must be finite."));
        }
      }
      return faults.isEmpty() || FoundFaults.report(faults, context);
    }
  }
}
