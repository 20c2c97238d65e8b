package io.evenkeel.document;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Demands that the members of a definition fit together, as [CoherentDefinitionCheck] says.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = CoherentDefinitionCheck.class)
@interface CoherentDefinition {
  /// Not shown: the faults travel as the violation's payload.
  String message() default "members of the definition do not fit together";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};
}
