package io.evenkeel.validation;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Numbers;
import io.evenkeel.fault.Pointers;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.hibernate.validator.constraintvalidation.HibernateConstraintValidatorContext;
import org.hibernate.validator.engine.HibernateConstraintViolation;

/// Turns violations of constraints into faults.
///
/// A constraint of ours reports one violation, whose payload holds any number of faults. Their
/// pointers begin at the value that the constraint stands on, and can name keys of the body, which
/// property paths cannot. A violation of a standard constraint becomes one fault: its pointer is
/// the property path, its code the name of the constraint in kebab-case.
public final class FoundFaults {
  private static final Pattern INDEX = Pattern.compile("(?<=/)[0-9]{1,10}(?=/|$)");

  private FoundFaults() {}

  /// Reports faults that a constraint has found.
  ///
  /// @return false, for the constraint to return
  public static boolean report(Faults faults, ConstraintValidatorContext context) {
    context.unwrap(HibernateConstraintValidatorContext.class).withDynamicPayload(faults);
    return false;
  }

  /// The faults of these violations, in the order of their places.
  public static <T> Faults in(Set<ConstraintViolation<T>> violations) {
    Faults all = new Faults();
    if (violations.isEmpty()) {
      return all;
    }
    violations.stream()
        .map(violation -> new Placed(place(violation), violation))
        .sorted(Comparator.comparing(Placed::place))
        .forEach(placed -> all.addAll(faults(placed.violation())));
    return all;
  }

  private record Placed(String place, ConstraintViolation<?> violation) {}

  /// A key that sorts `#/features/2` before `#/features/10`, and faults at one place by constraint.
  private static String place(ConstraintViolation<?> violation) {
    String pointer = pointer(violation.getPropertyPath());
    return INDEX
            .matcher(pointer)
            .replaceAll(index -> "0".repeat(10 - index.end() + index.start()) + index.group())
        + ' '
        + constraint(violation);
  }

  private static String constraint(ConstraintViolation<?> violation) {
    return violation.getConstraintDescriptor().getAnnotation().annotationType().getSimpleName();
  }

  private static Faults faults(ConstraintViolation<?> violation) {
    String base = pointer(violation.getPropertyPath());
    HibernateConstraintViolation<?> found = violation.unwrap(HibernateConstraintViolation.class);
    Faults carried = found.getDynamicPayload(Faults.class);
    if (carried != null) {
      return carried.below(base);
    }
    String last = base.substring(base.lastIndexOf('/') + 1);
    String subject =
        last.equals("#") || INDEX.matcher("/" + last).find() ? "The value" : Excerpt.quoted(last);
    String received =
        violation.getInvalidValue() instanceof Number number
            ? " is " + (number instanceof Double x ? Numbers.plain(x) : number.toString()) + "; it "
            : " ";
    String detail = subject + received + violation.getMessage() + ".";
    return Faults.of(new Fault(base, code(constraint(violation)), detail));
  }

  private static String code(String constraint) {
    return switch (constraint) {
      case "Finite" -> Fault.NOT_FINITE;
      case "PositiveOrZero" -> Fault.NEGATIVE;
      default -> constraint.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    };
  }

  private static String pointer(Path path) {
    StringBuilder pointer = new StringBuilder("#");
    for (Path.Node node : path) {
      if (node.getIndex() != null) {
        pointer.append('/').append(node.getIndex());
      }
      if (node.getKind() == ElementKind.PROPERTY && node.getName() != null) {
        pointer.append('/').append(Pointers.escape(node.getName()));
      }
    }
    return pointer.toString();
  }
}
