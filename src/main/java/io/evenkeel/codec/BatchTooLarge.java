package io.evenkeel.codec;

/// Rows that would take more memory than a batch may: a few bytes can stand for a wide row whose
/// features are all missing.
public final class BatchTooLarge extends RuntimeException {
  /// With the most numbers that a batch may have.
  BatchTooLarge(long mostNumbers) {
    super(
        "The batch has more than "
            + mostNumbers
            + " values, missing and kept ones included; send it in parts.",
        null,
        false,
        false);
  }
}
