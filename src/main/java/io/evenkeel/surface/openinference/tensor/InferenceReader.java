package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.admission.Bounds;
import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.BesideRows;
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
import io.evenkeel.normalizer.NormalizerDefinition;
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
/// With the header 0 the body is 8-byte numbers alone. A tensor that is not whole is refused by
/// itself, since there are no rows to look at; everything else that is wrong is told together with
/// what is wrong with the rows.
public final class InferenceReader implements BatchReader, BesideRows {
  private final RowCollector rows;
  private final InferenceHead head;
  private final OptionalLong headLength;
  private long headLeft;
  private @Nullable RowBytes binary;
  private long claimed;
  private long bytesBehind;

  /// @param definition whose D features the rows have; the rules of another one may be held against
  ///   them
  /// @param headLength of the JSON in bytes, where it is told
  /// @param mostNumbers that a batch may have
  /// @param memory that it is held in
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

  /// What the batch is sent for, as far as it has been read.
  public Mode mode() {
    return head.mode();
  }

  /// What the body says beside its numbers, once it has ended.
  public InferenceRequest request() {
    return isRaw()
        ? new InferenceRequest(Optional.empty(), Mode.INFERENCE, TensorType.FP64, true)
        : head.request();
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

  /// Takes bytes behind the JSON; those that no input claims are only counted.
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
      return decoded();
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
    return decoded();
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
              "The body ends before the "
                  + headLength.getAsLong()
                  + " bytes of JSON that Inference-Header-Content-Length tells of.");
    }
  }

  private DecodedBatch decoded() {
    return DecodedBatch.ofRows(rows.last(this, false), shape(0, rows.rows()));
  }

  @Override
  public boolean isHandingOn() {
    return false;
  }

  @Override
  public void handOnComplete() {
    // the body is one batch
  }

  @Override
  public void handOnAll() {
    // the body is one batch
  }

  @Override
  public double @Nullable [] weights(long firstRow, int count, boolean last) {
    return null;
  }

  @Override
  public Bounds bounds() {
    return Bounds.NONE;
  }

  @Override
  public String pointer(long row) {
    return pointers(0, 0).row(row);
  }

  @Override
  public Pointers pointers(long firstRow, int count) {
    return new TensorPointers(rows.width(), head.data().isFlat());
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return RowShape.ofNumbers(head.type().numbers());
  }

  @Override
  public void forget(int count) {
    // nothing is beside the numbers
  }
}
