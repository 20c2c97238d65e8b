package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.CollectingReader;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowBytes;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads the body of an inference request of the Open Inference Protocol v2, binary tensors
/// included:
///
/// | bytes                              | what                                                    |
/// |------------------------------------|---------------------------------------------------------|
/// | `Inference-Header-Content-Length`  | JSON; the whole body where that header is not sent      |
/// | `binary_data_size` of the input    | little-endian numbers `[N × D]` of 8 or 4 bytes         |
///
/// With the header 0 the body has nothing but 8-byte numbers. A tensor that is not whole is refused
/// at once, because it has no rows to check. All other faults are answered together with those of
/// the rows.
public final class InferenceReader implements CollectingReader, BesideRows {
  private final RowCollector rows;
  private final InferenceHead head;
  private final OptionalLong headLength;
  private long headLeft;
  private @Nullable RowBytes binary;
  private long claimed;
  private long bytesBehind;

  /// @param definition its D features are those of the rows; the rows may be checked by another
  ///   definition later
  /// @param headLength how many bytes the JSON has, if the header says so
  /// @param mostNumbers the most numbers of a batch
  /// @param memory is asked before anything is held
  public InferenceReader(
      NormalizerDefinition definition,
      OptionalLong headLength,
      long mostNumbers,
      MemoryShare memory) {
    this.rows = new RowCollector(definition, new Cutting.Whole(), mostNumbers, memory);
    this.head = new InferenceHead(rows, this);
    this.headLength = headLength;
    this.headLeft = headLength.orElse(Long.MAX_VALUE);
    if (isRaw()) {
      begin(TensorType.FP64, Long.MAX_VALUE);
    }
  }

  private boolean isRaw() {
    return headLength.isPresent() && headLength.getAsLong() == 0;
  }

  private void begin(TensorType type, long size) {
    binary = new RowBytes(rows, this, type.numbers(), ByteOrder.LITTLE_ENDIAN);
    claimed = size;
  }

  /// The mode, as far as the body has been read.
  public Mode mode() {
    return head.mode();
  }

  /// The members beside the numbers. The body must have ended.
  public InferenceTerms terms() {
    return isRaw()
        ? new InferenceTerms(Optional.empty(), Mode.INFERENCE, TensorType.FP64, true)
        : head.terms();
  }

  @Override
  public RowCollector rows() {
    return rows;
  }

  @Override
  public BesideRows beside() {
    return this;
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    int json = (int) Math.min(headLeft, length);
    if (json > 0) {
      head.tokens().feed(bytes, offset, json);
      headLeft -= json;
      if (headLeft == 0) {
        endHead();
      }
    }
    behind(bytes, offset + json, length - json);
  }

  private void endHead() {
    head.tokens().finish();
    Optional<TensorType> type = head.input().flatMap(InferenceInput::type);
    OptionalLong size = head.input().map(InferenceInput::binarySize).orElse(OptionalLong.empty());
    if (type.isPresent() && size.isPresent() && !head.data().isThere()) {
      begin(type.get(), size.getAsLong());
    }
  }

  /// Takes bytes behind the JSON. Bytes that no input claims are only counted.
  private void behind(byte[] bytes, int offset, int length) {
    long wanted = Math.min(length, claimed - bytesBehind);
    if (binary != null && wanted > 0) {
      binary.feed(bytes, offset, (int) wanted);
    }
    bytesBehind += length;
  }

  @Override
  public DecodedBatch finish() {
    if (isRaw()) {
      endRows();
      return last();
    }
    requireWholeHead();
    Faults faults = new Faults();
    head.checkInputs(rows.width(), rows.rows(), bytesBehind, faults);
    boolean whole = faults.isEmpty();
    head.checkRest(faults);
    if (!whole) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
    rows.faultsOfBody(faults);
    if (head.type() == TensorType.FP32 && head.data().isThere()) {
      rows.roundToFloats();
    }
    return last();
  }

  private void endRows() {
    if (binary != null) {
      binary.finish();
    }
  }

  private void requireWholeHead() {
    if (headLength.isEmpty()) {
      head.tokens().finish();
    } else if (headLeft > 0) {
      throw head.tokens()
          .fail(
              "The body ends within its JSON, which has "
                  + headLength.getAsLong()
                  + " bytes by Inference-Header-Content-Length.");
    }
  }

  @Override
  public Pointers pointers(long firstRow, int count) {
    return new TensorPointers(rows.width(), head.data().isFlat());
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return RowShape.ofNumbers(head.type().numbers());
  }
}
