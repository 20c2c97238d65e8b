package io.evenkeel.surface.admin;

import io.evenkeel.fault.PlainText;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The reason of a command, for the audit trail: at most 1,000 characters of plain text.
@Size(max = 1000, message = "must have at most {max} characters")
@Pattern(regexp = PlainText.PATTERN, message = PlainText.RULE)
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = {})
@interface Reason {
  /// This is not shown: each rule has a sentence of its own.
  String message() default "is no reason";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};
}
