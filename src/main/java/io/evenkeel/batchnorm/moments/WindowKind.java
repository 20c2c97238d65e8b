package io.evenkeel.batchnorm.moments;

/// How a window over the last k batches moves on.
public enum WindowKind {
  /// The oldest batch leaves when the batch after the k-th arrives.
  SLIDING,
  /// All k batches leave when the batch after the k-th arrives.
  TUMBLING
}
