package io.evenkeel.codec.rows;

/// Rows that would take more memory than a batch may: a few bytes can stand for a wide row whose
/// features are all missing.
public final class BatchTooLarge extends RuntimeException {
  /// With the most numbers that a batch may have.
  public BatchTooLarge(long mostNumbers) {
    this(
        "The batch has more than "
            + mostNumbers
            + " values, missing and kept ones included; send it in parts.");
  }

  private BatchTooLarge(String detail) {
    super(detail, null, false, false);
  }

  /// With the most bytes that one record batch may have.
  public static BatchTooLarge ofMessage(long mostBytes) {
    return new BatchTooLarge(
        "A record batch is longer than " + mostBytes + " bytes; send its rows in several.");
  }
}
