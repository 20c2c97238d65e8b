package io.evenkeel.codec.rows;

/// A reader that puts the rows of its body into a [RowCollector], which hands them on.
public interface CollectingReader extends BatchReader {
  /// The rows of the body.
  RowCollector rows();

  /// What the body says beside its rows.
  BesideRows beside();

  @Override
  default boolean isHandingOn() {
    return rows().isHandingOn();
  }

  @Override
  default void handOnComplete() {
    rows().handOnComplete(beside());
  }

  @Override
  default void handOnAll() {
    rows().handOnAll(beside());
  }

  /// The rows that are left at the end of the body, as a batch in their shape.
  default DecodedBatch last() {
    RowShape shape = beside().shape(rows().firstRow(), rows().rows());
    return DecodedBatch.ofRows(rows().last(beside(), false), shape);
  }
}
