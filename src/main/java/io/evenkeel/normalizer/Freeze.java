package io.evenkeel.normalizer;

import java.time.Instant;
import java.util.Optional;

/// That a normalizer is frozen: since when, how far and why.
public record Freeze(Scope scope, Instant since, Optional<String> reason) {
  /// What is held.
  public enum Scope {
    /// The running statistics.
    STATISTICS,
    /// The running statistics, gamma and beta.
    ALL
  }
}
