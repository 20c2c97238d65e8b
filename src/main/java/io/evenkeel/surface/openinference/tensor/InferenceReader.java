package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.admission.Bounds;
import io.evenkeel.admission.FormFaults;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the body of an inference request of the Open Inference Protocol v2, binary tensors
/// included:
///
/// | bytes                              | what                                                    |
/// |------------------------------------|---------------------------------------------------------|
/// | `Inference-Header-Content-Length`  | JSON; the whole body where that header is not sent      |
/// | `binary_data_size` of each input   | its numbers, little-endian, in the order of the inputs  |
///
/// With the header 0 the body has nothing but 8-byte numbers. How the tensors make rows is known
/// only at the end: members may have any order, and the body itself says whether it trains. Tensors
/// that are not whole are refused at once, because they have no rows to check. All other faults are
/// answered together with those of the rows.
public final class InferenceReader implements BatchReader {
  private final Function<Mode, NormalizerDefinition> definitions;
  private final AnswerForm form;
  private final TensorRoom room;
  private final InferenceHead head;
  private final OptionalLong headLength;
  private final Queue<TensorBytes> behind = new ArrayDeque<>();
  private long headLeft;
  private @Nullable TensorNumbers raw;
  private long bytesBehind;
  private @Nullable InferenceTerms terms;
  private Optional<String> keptOther = Optional.empty();

  /// @param definitions the definition that the rows are for, by the mode that the body names; the
  ///   rows may be checked by another one later
  /// @param headLength how many bytes the JSON has, if the header says so
  /// @param form of the answer
  /// @param mostNumbers the most numbers of a batch
  /// @param memory is asked before anything is held
  public InferenceReader(
      Function<Mode, NormalizerDefinition> definitions,
      OptionalLong headLength,
      AnswerForm form,
      long mostNumbers,
      MemoryShare memory) {
    this.definitions = definitions;
    this.form = form;
    this.room = new TensorRoom(mostNumbers, memory);
    this.head = new InferenceHead(room);
    this.headLength = headLength;
    this.headLeft = headLength.orElse(Long.MAX_VALUE);
    if (headLeft == 0) {
      TensorNumbers numbers = new TensorNumbers(room);
      raw = numbers;
      behind.add(TensorBytes.of(numbers, TensorType.FP64, Long.MAX_VALUE));
    }
  }

  /// The mode, as far as the body has been read.
  public Mode mode() {
    return head.mode();
  }

  /// What the request asks for. The body must have ended.
  public InferenceTerms terms() {
    InferenceTerms known = terms;
    if (known == null) {
      throw new IllegalStateException("the body has not ended");
    }
    return known;
  }

  /// A tensor that is no feature and that the definition wants in the answer, which has no place
  /// for it. The body must have ended.
  public Optional<String> keptOther() {
    return keptOther;
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    int json = (int) Math.min(headLeft, length);
    if (json > 0) {
      head.tokens().feed(bytes, offset, json);
      headLeft -= json;
      if (headLeft == 0) {
        head.tokens().finish();
        head.inputs().stream()
            .filter(input -> input.binarySize().isPresent())
            .forEach(input -> behind.add(input.bytes()));
      }
    }
    bytesBehind += length - json;
    int at = offset + json;
    while (at < offset + length && behind.peek() != null) {
      TensorBytes tensor = behind.element();
      at += tensor.feed(bytes, at, offset + length - at);
      if (tensor.isWhole()) {
        behind.remove();
      }
    }
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
  public DecodedBatch finish() {
    NormalizerDefinition definition = definitions.apply(mode());
    Faults faults = new Faults();
    Optional<TensorRows> tensors = tensors(definition, faults);
    boolean whole = faults.isEmpty();
    RequestedOutputs requested =
        raw == null ? head.requested() : new RequestedOutputs(List.of(), true);
    List<AnsweredTensor> answered =
        whole ? tensors.orElseThrow().answered(requested, form, faults) : List.of();
    head.checkRest(faults);
    if (!whole) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
    terms = new InferenceTerms(head.id(), form, answered);
    return batch(definition, tensors.orElseThrow(), faults);
  }

  private DecodedBatch batch(NormalizerDefinition definition, TensorRows tensors, Faults faults) {
    tensors.check(faults);
    FormFaults found = new FormFaults();
    found.addAllOfBody(faults);
    int rows = tensors.rows();
    ReceivedBatch received =
        new ReceivedBatch(
            definition,
            0,
            rows,
            tensors.values(room),
            null,
            Bounds.NONE,
            found,
            tensors.pointers(),
            false);
    return DecodedBatch.ofRows(received, RowShape.ofNumbers(NumberType.FLOAT64));
  }

  private Optional<TensorRows> tensors(NormalizerDefinition definition, Faults faults) {
    int features = definition.features().size();
    if (raw != null) {
      int rest = behind.element().rest();
      return OneTensor.ofNumbers(raw, rest, features, faults).map(tensor -> tensor);
    }
    requireWholeHead();
    head.checkInputs(bytesBehind, faults);
    List<InferenceInput> inputs = head.inputs();
    if (inputs.isEmpty()) {
      return Optional.empty();
    }
    InferenceInput first = inputs.getFirst();
    if (inputs.size() > 1 || ColumnTensors.isColumn(first, definition.features())) {
      ColumnTensors columns = ColumnTensors.of(inputs, definition, faults);
      keptOther = definition.reception().extra() == Extra.KEEP ? columns.other() : Optional.empty();
      return Optional.of(columns);
    }
    first.check(faults);
    return faults.isEmpty()
        ? OneTensor.of(first, features, faults).map(tensor -> tensor)
        : Optional.empty();
  }

  private void requireWholeHead() {
    if (headLength.isEmpty()) {
      head.tokens().finish();
    } else if (headLeft > 0) {
      throw head.present()
          .fail(
              "The body ends within its JSON, which has "
                  + headLength.getAsLong()
                  + " bytes by Inference-Header-Content-Length.");
    }
  }
}
