package io.evenkeel.codec;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A batch whose reading and writing is measured, in one format.
final class MeasuredBatch {
  private final BatchFormat format;
  private final NormalizerDefinition definition;
  private final BatchAnswer answer;
  private final RowShape shape = RowShape.ofNumbers(NumberType.FLOAT64);

  /// @param features D
  /// @param values `[N × D]`
  MeasuredBatch(BatchFormat format, int features, double[] values) {
    this.format = format;
    this.definition = Definitions.of(MissingValues.REJECT, Features.numbered(features));
    this.answer =
        new BatchAnswer(
            new NormalizerName("bench"),
            Mode.INFERENCE,
            BatchOutcome.NONE,
            1,
            OptionalLong.empty(),
            definition.features(),
            values.length / features,
            values,
            List.of());
  }

  /// The bytes of the answer.
  byte[] print() {
    ByteSink all = new ByteSink(1 << 21);
    writer()
        .forEachRemaining(piece -> {
          byte[] bytes = new byte[piece.remaining()];
          piece.get(bytes);
          all.put(bytes);
        });
    return all.toBytes();
  }

  /// From the bytes of a body to the flat array.
  Object read(byte[] body) {
    ReadOptions options =
        new ReadOptions(Extra.REJECT, Optional.empty(), NumberType.FLOAT64, BodyMembers.BATCH);
    BatchReader reader =
        format.reader(
            definition, options, new Cutting.Whole(), 1 << 24, body.length, MemoryShare.UNLIMITED);
    reader.feed(body, 0, body.length);
    return reader.finish();
  }

  /// From the flat array to the bytes.
  ///
  /// @return how many
  long write() {
    AnswerWriter writer = writer();
    long written = 0;
    while (writer.hasNext()) {
      written += writer.next().remaining();
    }
    return written;
  }

  private AnswerWriter writer() {
    return format.writer(answer, shape, true, true);
  }
}
