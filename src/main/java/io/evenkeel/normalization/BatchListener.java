package io.evenkeel.normalization;

import io.evenkeel.normalizer.NormalizerName;

/// Is told of every batch, for meters and, at inference, for drift. Must be fast and must not fail.
public interface BatchListener {

  /// A batch was answered.
  void onBatch(NormalizerName name, Mode mode, BatchOutcome outcome, long rows);

  /// A batch was refused.
  ///
  /// @param reason the kind of problem, one of few
  void onRefused(NormalizerName name, Mode mode, String reason);
}
