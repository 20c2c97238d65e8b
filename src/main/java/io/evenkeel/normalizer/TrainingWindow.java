package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import java.util.Optional;

/// The earlier batches that a training batch is normalised with, under [Training.Window].
///
/// @param id the client's id of the present window. A batch with another id begins an empty window,
///   so that the window stays in step with the client's optimizer
public record TrainingWindow(Optional<String> id, MomentsWindow moments) {
  /// The longest id a client may give to a window, in characters.
  public static final int LONGEST_ID = 128;

  static Optional<TrainingWindow> start(Training training, int features) {
    return training instanceof Training.Window(var batches, var kind)
        ? Optional.of(
            new TrainingWindow(Optional.empty(), MomentsWindow.empty(batches, kind, features, 0)))
        : Optional.empty();
  }

  /// The window after a batch.
  ///
  /// @param windowId the client's id of the window, if it sent one
  public TrainingWindow after(FeatureMoments batch, Optional<String> windowId) {
    boolean another = windowId.isPresent() && !windowId.equals(id);
    MomentsWindow before = another ? moments.emptied() : moments;
    return new TrainingWindow(windowId.or(() -> id), before.plus(batch));
  }

  /// The window without batches, for this many features.
  TrainingWindow emptied(int features) {
    return new TrainingWindow(Optional.empty(), moments.emptied(features));
  }

  /// The same batches for more features, which have no value in them.
  TrainingWindow widened(int features) {
    return new TrainingWindow(id, moments.widened(features));
  }
}
