package io.evenkeel.document;

import io.evenkeel.fault.Wire;
import io.evenkeel.normalizer.definition.Guard;
import io.evenkeel.validation.Finite;
import io.evenkeel.validation.OneOf;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/// A guard as JSON: `{"deviations": 8, "action": "refuse", "minimumRows": 1000}`.
record GuardDocument(
    @Finite @Positive @Nullable Double deviations,
    @OneOf(Guard.Action.class) @Nullable String action,
    @Positive @Nullable Long minimumRows) {

  static GuardDocument of(Guard guard) {
    return new GuardDocument(guard.deviations(), Wire.word(guard.action()), guard.minimumRows());
  }

  /// The guard. The document must be valid.
  Guard toGuard() {
    return new Guard(
        deviations == null ? Guard.DEVIATIONS : deviations,
        Wire.parse(Guard.Action.class, action, Guard.Action.REFUSE),
        minimumRows == null ? Guard.MINIMUM_ROWS : minimumRows);
  }
}
