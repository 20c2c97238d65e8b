package io.evenkeel.validation;

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

/// Demands that a number is finite. Null is valid.
@Documented
@Target({ElementType.FIELD, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = Finite.Check.class)
public @interface Finite {
  /// The rule without its subject.
  String message() default "must be finite";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};

  /// Checks a number.
  final class Check implements ConstraintValidator<Finite, Double> {
    @Override
    public boolean isValid(@Nullable Double value, ConstraintValidatorContext context) {
      return value == null || Double.isFinite(value);
    }
  }
}
