package io.evenkeel.validation;

import io.evenkeel.normalizer.Faults;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.ConstraintViolation;
import java.util.Set;
import org.hibernate.validator.constraintvalidation.HibernateConstraintValidatorContext;
import org.hibernate.validator.engine.HibernateConstraintViolation;

/// The faults that a constraint found, carried as the payload of its one violation: their pointers
/// name the body's own keys, which property paths cannot, and their number is not limited by it.
final class FoundFaults {
  private FoundFaults() {}

  static boolean report(Faults faults, ConstraintValidatorContext context) {
    context.unwrap(HibernateConstraintValidatorContext.class).withDynamicPayload(faults);
    return false;
  }

  static <T> Faults in(Set<ConstraintViolation<T>> violations) {
    Faults all = new Faults();
    for (ConstraintViolation<T> violation : violations) {
      HibernateConstraintViolation<?> found = violation.unwrap(HibernateConstraintViolation.class);
      all.addAll(found.getDynamicPayload(Faults.class));
    }
    return all;
  }
}
