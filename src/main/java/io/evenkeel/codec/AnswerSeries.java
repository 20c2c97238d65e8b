package io.evenkeel.codec;

import io.evenkeel.codec.arrow.ArrowAnswerWriter;
import io.evenkeel.codec.arrow.ArrowFile;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.RowShape;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The answers to the batches of one stream, one after the other in one format. Used by one thread
/// at a time. The pieces of an answer are made after all pieces of the answers before it, and the
/// end after all: the footer of an Arrow file says where each piece stands.
public final class AnswerSeries {
  private final BatchFormat format;
  private final ArrowFile file = new ArrowFile();
  private boolean begun;

  AnswerSeries(BatchFormat format) {
    this.format = format;
  }

  /// A writer of the answer to the next batch.
  public AnswerWriter next(BatchAnswer answer, RowShape shape) {
    boolean first = !begun;
    begun = true;
    return format == BatchFormat.ARROW_FILE
        ? new ArrowAnswerWriter(answer, shape, first, false, Optional.of(file))
        : format.writer(answer, shape, first, false);
  }

  /// Whether bytes end the last answer.
  public boolean hasEnd() {
    return switch (format) {
      case ARROW, ARROW_FILE -> true;
      case JSON, CSV, BINARY, NPY, NDJSON -> false;
    };
  }

  /// The bytes that end the last answer; none in most formats.
  public ByteBuffer end() {
    return switch (format) {
      case ARROW -> ByteBuffer.wrap(ArrowAnswerWriter.end());
      case ARROW_FILE -> ByteBuffer.wrap(file.end());
      case JSON, CSV, BINARY, NPY, NDJSON -> ByteBuffer.allocate(0);
    };
  }
}
