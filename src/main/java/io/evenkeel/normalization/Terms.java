package io.evenkeel.normalization;

import java.util.Optional;

/// How a sender wants a training batch to be counted.
///
/// @param rejectFrozen whether a frozen normalizer refuses the batch; otherwise it does not count
///   it
/// @param windowId the client's id of the batch's window, if it sent one
/// @param guarded whether the definition's guard judges the batch
public record Terms(boolean rejectFrozen, Optional<String> windowId, boolean guarded) {
  /// Those of a sender that asks for nothing.
  public static final Terms USUAL = new Terms(false, Optional.empty(), true);
}
