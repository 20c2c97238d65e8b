package io.evenkeel.http.command;

import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.validation.FoundFaults;
import jakarta.validation.Validator;
import org.springframework.stereotype.Component;

/// Checks documents against their constraints.
@Component
public final class Validity {
  private final Validator validator;

  Validity(Validator validator) {
    this.validator = validator;
  }

  /// Returns the document if it breaks no rule.
  ///
  /// @throws InvalidInput with all faults
  public <T> T require(T document, Subject subject) {
    Faults faults = FoundFaults.in(validator.validate(document));
    if (!faults.isEmpty()) {
      throw new InvalidInput(subject, faults);
    }
    return document;
  }
}
