package io.evenkeel.normalization;

import io.evenkeel.normalizer.NormalizationException.UnknownNormalizer;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;

/// The present states of all normalizers, for requests that need one to exist. Never blocks.
public final class Normalizers {
  private final NormalizerLog log;

  /// The states that a log has folded.
  public Normalizers(NormalizerLog log) {
    this.log = log;
  }

  /// The present state of a name.
  ///
  /// @throws UnknownNormalizer if there is none
  public Normalizer get(NormalizerName name) {
    return log.find(name).orElseThrow(() -> new UnknownNormalizer(name));
  }

  /// The present state of a normalizer, for a request that began in an earlier one.
  ///
  /// @throws UnknownNormalizer if the normalizer is gone
  /// @throws VersionMismatch if the name was created anew
  public Normalizer now(Normalizer earlier) {
    Normalizer now = get(earlier.name());
    if (now.revision().incarnation() != earlier.revision().incarnation()) {
      throw VersionMismatch.recreated(earlier.name());
    }
    return now;
  }
}
