package io.evenkeel.codec.rows;

/// Refuses rows that would take more memory than one batch may. A few bytes can stand for a wide
/// row whose values are all missing.
public final class BatchTooLarge extends RuntimeException {
  /// Refuses a batch of too many values.
  public BatchTooLarge(long mostNumbers) {
    this(
        "The batch has more than "
            + mostNumbers
            + " values, missing and kept ones included; send it in several batches, or as a stream"
            + " of them by ?batchRows=.");
  }

  private BatchTooLarge(String detail) {
    super(detail, null, false, false);
  }

  /// Refuses a record batch of too many bytes.
  public static BatchTooLarge ofMessage(long mostBytes) {
    return new BatchTooLarge(
        "A record batch has more than "
            + mostBytes
            + " bytes; send its rows in several record batches.");
  }
}
