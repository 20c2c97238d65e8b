package io.evenkeel.admission;

import io.evenkeel.fault.Excerpt;
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
import org.jspecify.annotations.Nullable;

/// Demands that bounds have a finite value or null for each feature, and `min <= max`.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ValidBounds.Check.class)
@interface ValidBounds {
  /// Not shown: the faults travel as the violation's payload.
  String message() default "bounds break the rules";

  /// See Bean Validation.
  Class<?>[] groups() default {};

  /// See Bean Validation.
  Class<? extends Payload>[] payload() default {};

  /// Checks each bound.
  final class Check implements ConstraintValidator<ValidBounds, ReceivedBatch> {
    @Override
    public boolean isValid(ReceivedBatch batch, ConstraintValidatorContext context) {
      Faults faults = faults(batch);
      return faults.isEmpty() || FoundFaults.report(faults, context);
    }

    static boolean areSound(ReceivedBatch batch) {
      return batch.bounds().isNone() || faults(batch).isEmpty();
    }

    private static Faults faults(ReceivedBatch batch) {
      Faults faults = new Faults();
      double[] min = batch.bounds().min();
      double[] max = batch.bounds().max();
      boolean minSized = sized("min", min, batch, faults);
      boolean maxSized = sized("max", max, batch, faults);
      boolean sized = minSized && maxSized;
      for (int j = 0; sized && min != null && max != null && j < min.length; j++) {
        if (min[j] > max[j]) {
          String detail =
              "The lower bound of "
                  + Excerpt.quoted(batch.definition().features().name(j))
                  + " is "
                  + Numbers.plain(min[j])
                  + "; it must not be above the upper bound, "
                  + Numbers.plain(max[j])
                  + ".";
          faults.add(new Fault("#/bounds", Fault.MIN_ABOVE_MAX, detail));
        }
      }
      return faults;
    }

    private static boolean sized(
        String member, double @Nullable [] bounds, ReceivedBatch batch, Faults faults) {
      if (bounds == null) {
        return true;
      }
      if (bounds.length != batch.features()) {
        faults.add(Fault.ofLength("#/bounds/" + member, member, bounds.length, batch.features()));
      }
      for (int j = 0; j < bounds.length; j++) {
        if (Double.isInfinite(bounds[j])) {
          String pointer = "#/bounds/" + member + "/" + j;
          faults.add(() ->
              new Fault(pointer, Fault.NOT_FINITE, "The bound is infinite; it must be finite."));
        }
      }
      return bounds.length == batch.features();
    }
  }
}
