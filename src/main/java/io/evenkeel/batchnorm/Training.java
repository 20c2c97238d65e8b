package io.evenkeel.batchnorm;

/// What the rows of a training batch are normalised by.
public sealed interface Training {

  /// The batch's own mean and biased variance: batch normalisation proper.
  record Batch() implements Training {}

  /// The running statistics, as streaming scalers do.
  ///
  /// @param order whether a batch (or row) is normalised before or after it has moved them
  /// @param per whether the rows enter all at once or one after the other
  record Running(Order order, Per per) implements Training {

    /// Normalise before or after the update.
    public enum Order {
      /// By the statistics that the batch or row has not moved yet.
      BEFORE,
      /// By the statistics that it has moved.
      AFTER
    }

    /// What enters at once.
    public enum Per {
      /// The whole batch.
      BATCH,
      /// Each row for itself, in order.
      ROW
    }
  }
}
