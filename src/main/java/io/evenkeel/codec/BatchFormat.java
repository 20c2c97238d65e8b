package io.evenkeel.codec;

import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.validation.ReceivedBatch;
import java.util.Optional;
import java.util.function.Consumer;

/// The forms in which one batch comes and goes.
public enum BatchFormat {
  /// `{"rows": [[1, 2], {"a": 1, "b": 2}]}` or `{"columns": {"a": [1], "b": [2]}}`.
  JSON("application/json"),
  /// A header of feature names in any order, then one row a line (RFC 4180).
  CSV("text/csv"),
  /// Little-endian numbers `[N × D]` without a header.
  BINARY("application/octet-stream");

  private final String mediaType;

  BatchFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /// Its media type, without parameters.
  public String mediaType() {
    return mediaType;
  }

  /// The format of a media type without parameters.
  public static Optional<BatchFormat> of(String mediaType) {
    for (BatchFormat format : values()) {
      if (format.mediaType.equals(mediaType)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /// A reader of one body for a normalizer of this definition.
  ///
  /// @param parts where the body may be of any length: takes its rows in parts, each as soon as it
  ///   is full; the last one is what [BatchReader#finish] returns. The arrays of a part are used
  ///   again after it was taken.
  public BatchReader reader(
      NormalizerDefinition definition,
      ReadOptions options,
      Optional<Consumer<ReceivedBatch>> parts,
      long mostNumbers) {
    RowCollector rows =
        new RowCollector(definition, parts, Math.min(mostNumbers, Integer.MAX_VALUE - 8));
    ReadOptions reading = parts.isPresent() ? options.keepingNothing() : options;
    return switch (this) {
      case JSON -> new JsonBatchReader(definition, reading, rows, mostNumbers);
      case CSV -> new CsvBatchReader(definition, reading, rows);
      case BINARY -> new BinaryBatchReader(reading, rows);
    };
  }

  /// A writer of one answer.
  public AnswerWriter writer(BatchAnswer answer, RowShape shape) {
    return switch (this) {
      case JSON -> new JsonAnswerWriter(answer, shape);
      case CSV -> new CsvAnswerWriter(answer, shape);
      case BINARY -> new BinaryAnswerWriter(answer, shape);
    };
  }
}
