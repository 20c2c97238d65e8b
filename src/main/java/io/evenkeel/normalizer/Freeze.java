package io.evenkeel.normalizer;

import java.time.Instant;
import java.util.Optional;

/// The freeze of a normalizer: its scope, its beginning and its reason.
public record Freeze(Scope scope, Instant since, Optional<String> reason) {
  /// What does not move while the normalizer is frozen.
  public enum Scope {
    /// The running statistics.
    STATISTICS,
    /// The running statistics, gamma and beta.
    ALL
  }
}
