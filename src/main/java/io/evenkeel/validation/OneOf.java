package io.evenkeel.validation;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Wire;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Demands that a text is the [Wire] word of a constant of an enumeration. Null is valid.
@Documented
@Target({ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = OneOf.Check.class)
public @interface OneOf {
  /// The enumeration.
  Class<? extends Enum<?>> value();

  /// The rule without its subject.
  String message() default "must be one of those known";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};

  /// Checks a text.
  final class Check implements ConstraintValidator<OneOf, String> {
    private @Nullable Class<? extends Enum<?>> type;

    @Override
    public void initialize(OneOf constraint) {
      type = constraint.value();
    }

    @Override
    public boolean isValid(@Nullable String value, ConstraintValidatorContext context) {
      Class<? extends Enum<?>> known = Objects.requireNonNull(type, "not initialized");
      if (value == null || Wire.words(known).contains(value)) {
        return true;
      }
      String detail =
          Excerpt.quoted(value) + " is not one of " + String.join(", ", Wire.words(known)) + ".";
      return FoundFaults.report(Faults.of(new Fault("#", Fault.UNKNOWN_VALUE, detail)), context);
    }
  }
}
