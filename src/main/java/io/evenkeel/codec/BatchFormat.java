package io.evenkeel.codec;

import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.codec.arrow.ArrowAnswerWriter;
import io.evenkeel.codec.arrow.ArrowBatchReader;
import io.evenkeel.codec.arrow.ArrowFile;
import io.evenkeel.codec.arrow.ArrowSampleReader;
import io.evenkeel.codec.binary.BinaryBatchReader;
import io.evenkeel.codec.csv.CsvAnswerWriter;
import io.evenkeel.codec.csv.CsvBatchReader;
import io.evenkeel.codec.csv.CsvSampleReader;
import io.evenkeel.codec.json.JsonAnswerWriter;
import io.evenkeel.codec.json.JsonBatchReader;
import io.evenkeel.codec.json.NdjsonAnswerWriter;
import io.evenkeel.codec.json.NdjsonBatchReader;
import io.evenkeel.codec.json.NdjsonSampleReader;
import io.evenkeel.codec.npy.NpyBatchReader;
import io.evenkeel.codec.npy.NpyHeader;
import io.evenkeel.codec.npy.NpySampleReader;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.NumbersAnswerWriter;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.sample.SampleReader;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.List;
import java.util.Optional;

/// The formats in which a batch can come and its answer can go.
public enum BatchFormat {
  /// `[[1, 2], {"a": 1, "b": 2}]`, the same as the member `rows` of an object, or `{"columns":
  /// {"a": [1], "b": [2]}}`.
  JSON("application/json"),
  /// A header of feature names in any order, then one row a line (RFC 4180), or a dialect of that.
  CSV(CsvDialect.COMMAS, CsvDialect.TABS),
  /// Little-endian numbers `[N × D]` without a header.
  BINARY("application/octet-stream"),
  /// An array `[N × D]` as `numpy.save` writes it.
  NPY("application/x-npy"),
  /// An Arrow stream with a column for each feature, by name.
  ARROW("application/vnd.apache.arrow.stream"),
  /// The same table as an Arrow file (Feather). Either form is read, whichever is named.
  ARROW_FILE("application/vnd.apache.arrow.file"),
  /// A stream of rows, one a line, each as in the `rows` of JSON.
  NDJSON(
      "application/x-ndjson",
      "application/jsonl",
      "application/ndjson",
      "application/json-lines",
      "application/x-jsonlines",
      "application/x-json-lines",
      "application/jsonlines",
      "application/x-jsonl",
      "application/x-ldjson",
      "text/x-ndjson",
      "text/ndjson",
      "text/jsonl");

  private static final byte[] NO_HEADER = {};

  private final List<String> mediaTypes;

  BatchFormat(String... mediaTypes) {
    this.mediaTypes = List.of(mediaTypes);
  }

  /// The media type without parameters.
  public String mediaType() {
    return mediaTypes.getFirst();
  }

  /// All names of the media type, the usual name first.
  public List<String> mediaTypes() {
    return mediaTypes;
  }

  /// Whether answers are lines of text, between which control lines may stand.
  public boolean hasLines() {
    return switch (this) {
      case NDJSON, CSV -> true;
      case JSON, BINARY, NPY, ARROW, ARROW_FILE -> false;
    };
  }

  /// The format that a media type without parameters names.
  public static Optional<BatchFormat> of(String mediaType) {
    for (BatchFormat format : values()) {
      if (format.mediaTypes.contains(mediaType)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /// A reader of one body for a normalizer of this definition.
  ///
  /// @param cutting how rows leave before the body ends; rows that leave in blocks have no answer,
  ///   so nothing is kept for them
  /// @param mostNumbers how many numbers may be held at once
  public BatchReader reader(
      NormalizerDefinition definition, ReadOptions options, Cutting cutting, long mostNumbers) {
    return reader(definition, options, cutting, mostNumbers, -1, MemoryShare.UNLIMITED);
  }

  /// A reader of one body, whose memory is bounded.
  ///
  /// @param length of the body in bytes, −1 if it is not known
  /// @param memory is asked before anything is held
  public BatchReader reader(
      NormalizerDefinition definition,
      ReadOptions options,
      Cutting cutting,
      long mostNumbers,
      long length,
      MemoryShare memory) {
    RowCollector rows =
        new RowCollector(definition, cutting, Math.min(mostNumbers, Integer.MAX_VALUE - 8), memory);
    if (cutting instanceof Cutting.Whole && length > 0) {
      rows.expect(length / bytesOfNumber(options));
    }
    ReadOptions reading = cutting instanceof Cutting.Blocks ? options.keepingNothing() : options;
    return switch (this) {
      case JSON ->
          new JsonBatchReader(
              definition,
              reading,
              rows,
              mostNumbers,
              cutting instanceof Cutting.Whole ? length : -1);
      case NDJSON -> new NdjsonBatchReader(definition, reading, rows);
      case CSV -> new CsvBatchReader(definition, reading, rows);
      case BINARY -> new BinaryBatchReader(reading, rows, length);
      case NPY -> new NpyBatchReader(rows, mostNumbers);
      case ARROW, ARROW_FILE -> new ArrowBatchReader(definition, reading, rows, mostNumbers);
    };
  }

  /// A reader of the first rows of a table, for a definition from data.
  ///
  /// @param dialect of a CSV
  /// @param mostNumbers how many numbers may be held at once
  /// @param memory is asked before anything is held
  /// @throws IllegalArgumentException if the format does not tell its columns
  public SampleReader sampler(CsvDialect dialect, long mostNumbers, MemoryShare memory) {
    return switch (this) {
      case NPY -> new NpySampleReader(memory);
      case NDJSON -> new NdjsonSampleReader(memory);
      case CSV -> new CsvSampleReader(dialect, memory);
      case ARROW, ARROW_FILE -> new ArrowSampleReader(memory, mostNumbers);
      case JSON, BINARY ->
          throw new IllegalArgumentException(mediaType() + " does not tell its columns");
    };
  }

  /// About how many bytes a number has in the body.
  private int bytesOfNumber(ReadOptions options) {
    return switch (this) {
      case BINARY -> options.numbers().width();
      case NPY -> Double.BYTES;
      case JSON, NDJSON, CSV, ARROW, ARROW_FILE -> AnswerWriter.NUMBER;
    };
  }

  /// A writer of the answer to one batch, which may be part of a stream.
  ///
  /// @param first whether this is the first answer; only the first has a header
  /// @param last whether this is known to be the last answer, behind which the end is written; the
  ///   answer of a stream is written by its [#series]
  public AnswerWriter writer(BatchAnswer answer, RowShape shape, boolean first, boolean last) {
    return switch (this) {
      case JSON -> new JsonAnswerWriter(answer, shape);
      case NDJSON -> new NdjsonAnswerWriter(answer, shape);
      case CSV -> new CsvAnswerWriter(answer, shape, first);
      case BINARY -> new NumbersAnswerWriter(answer, shape.numbers(), NO_HEADER);
      case NPY ->
          new NumbersAnswerWriter(
              answer, shape.numbers(), first ? NpyHeader.of(answer, shape, last) : NO_HEADER);
      case ARROW -> new ArrowAnswerWriter(answer, shape, first, last, Optional.empty());
      case ARROW_FILE ->
          new ArrowAnswerWriter(answer, shape, first, last, Optional.of(new ArrowFile()));
    };
  }

  /// The type that the numbers of an answer must fit. All numbers of an Arrow answer must fit the
  /// narrowest column.
  public FloatType floatType(RowShape shape) {
    return switch (this) {
      case BINARY, NPY -> floatType(shape.numbers());
      case ARROW, ARROW_FILE ->
          shape.arrived().map(columns -> floatType(columns.narrowest())).orElse(FloatType.FLOAT64);
      case JSON, NDJSON, CSV -> FloatType.FLOAT64;
    };
  }

  private static FloatType floatType(NumberType type) {
    return switch (type) {
      case FLOAT16 -> FloatType.FLOAT16;
      case FLOAT32 -> FloatType.FLOAT32;
      default -> FloatType.FLOAT64;
    };
  }

  /// Whether this format can answer a stream of rows in another format. A JSON document cannot
  /// answer a stream. An array must tell how many rows it has before the first row.
  public boolean answersStreams(BatchFormat received) {
    return switch (this) {
      case JSON -> false;
      case NPY -> received == NPY;
      case NDJSON, CSV, BINARY, ARROW, ARROW_FILE -> true;
    };
  }

  /// The answers to the batches of a stream.
  public AnswerSeries series() {
    return new AnswerSeries(this);
  }
}
