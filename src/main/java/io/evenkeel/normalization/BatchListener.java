package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizerName;
import java.util.Optional;

/// Hears of every batch: meters count batches, drift looks at their values.
///
/// The methods are called on the thread that works on the batch, so they must be fast and must not
/// block. There may be several listeners; their order has no meaning. A listener that throws does
/// not fail the batch, see [BatchListeners].
public interface BatchListener {

  /// A batch is about to be normalised: its values can be read now. They cannot be read later,
  /// since the normalised rows may overwrite them.
  ///
  /// Called at inference, and in training once the log has decided on the batch, unless it refused
  /// it. Not called for observed moments, whose values nobody keeps. Listeners that want no values
  /// need not implement this.
  ///
  /// @param values `[N × D]` with their weights, as validation left them: NaN is missing, and
  ///   values beyond a clipping range lie at its end. They must not be written to, and must not be
  ///   kept
  /// @return what to do once the batch is answered; empty for a listener that has read nothing
  default Optional<Reading> onValues(NormalizerName name, Mode mode, FeatureBatch values) {
    return Optional.empty();
  }

  /// An inference batch is about to be normalised: as [#onValues], for listeners that ask which
  /// model normalises it. Called in its place; the default calls it.
  ///
  /// @param model the present state's, or that of a snapshot
  default Optional<Reading> onInference(NormalizerName name, Model model, FeatureBatch values) {
    return onValues(name, Mode.INFERENCE, values);
  }

  /// A batch was answered.
  void onBatch(NormalizerName name, Mode mode, BatchOutcome outcome, long rows);

  /// A training batch was counted that its normalizer's guard reports.
  ///
  /// @param features how many features of it are suspicious
  default void onReported(NormalizerName name, int features) {}

  /// A batch was refused.
  ///
  /// @param reason the kind of problem, one of few
  void onRefused(NormalizerName name, Mode mode, String reason);

  /// What a listener has made of the values of one batch. It should count only when the batch is
  /// answered: a batch whose normalised values overflow is refused after its values were read, and
  /// then nothing is called.
  @FunctionalInterface
  interface Reading {
    /// The batch was answered.
    void answered(BatchOutcome outcome);
  }
}
