package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Pointers;
import java.util.List;
import java.util.Optional;

/// One tensor that holds all features.
///
/// | shape             | rows                                                    |
/// |-------------------|---------------------------------------------------------|
/// | `[N, D]`          | N                                                       |
/// | `[D]`             | 1                                                       |
/// | `[N]` where D = 1 | N                                                       |
/// | `[n, D, ...]`     | one for each place of the n images, whose channels are D |
///
/// @param input empty for a body of numbers alone
/// @param inner how many places an image has; 1 where there are no images
record OneTensor(
    Optional<InferenceInput> input,
    TensorNumbers numbers,
    TensorType type,
    TensorPlaces places,
    int features,
    int rows,
    int inner)
    implements TensorRows {

  /// The rows of a tensor that has passed [InferenceInput#check].
  ///
  /// @param features D
  /// @param faults of the shape
  static Optional<OneTensor> of(InferenceInput input, int features, Faults faults) {
    TensorShape shape = input.shape();
    int dimensions = shape.dimensions();
    boolean fits =
        dimensions == 1
            ? features == 1 || shape.size(0) == features
            : dimensions > 1 && shape.size(1) == features;
    if (!fits) {
      faults.add(
          new Fault(input.pointer() + "/shape", Fault.FEATURE_COUNT, misfit(shape, features)));
      return Optional.empty();
    }
    TensorNumbers numbers = input.numbers();
    return Optional.of(
        new OneTensor(
            Optional.of(input),
            numbers,
            input.type().orElseThrow(),
            TensorPlaces.of(input),
            features,
            numbers.size() / features,
            (int) shape.product(2)));
  }

  private static String misfit(TensorShape shape, int features) {
    int dimensions = shape.dimensions();
    String hint = "";
    if (dimensions == 2 && shape.size(0) == features) {
      hint = " Is it to be transposed?";
    } else if (dimensions > 2 && shape.size(dimensions - 1) == features) {
      hint = " Channels come second; move the last dimension there.";
    }
    return "The shape is "
        + shape
        + "; the normalizer has "
        + features
        + (features == 1 ? " feature" : " features")
        + ": send [N, "
        + features
        + "], ["
        + features
        + "], or images [N, "
        + features
        + ", height, width]."
        + hint;
  }

  /// The rows of a body of `FP64` numbers alone.
  ///
  /// @param rest how many bytes follow the last whole number
  static Optional<OneTensor> ofNumbers(
      TensorNumbers numbers, int rest, int features, Faults faults) {
    int rows = numbers.size() / features;
    TensorPlaces places = new TensorPlaces("#/inputs/0/data/", false, new long[] {rows, features});
    if (rest > 0 || numbers.size() % features > 0) {
      String detail =
          "The body has "
              + ((long) numbers.size() * Double.BYTES + rest)
              + " bytes; a row of FP64 has "
              + (long) features * Double.BYTES
              + ".";
      faults.add(new Fault("#/inputs/0/data/" + rows, Fault.FEATURE_COUNT, detail));
    }
    return Optional.of(
        new OneTensor(Optional.empty(), numbers, TensorType.FP64, places, features, rows, 1));
  }

  @Override
  public double[] values(TensorRoom room) {
    if (inner > 1 && numbers.size() > 0) {
      long scratch = (long) features * inner * Double.BYTES;
      room.memory().take(scratch);
      new ValueOrder.ChannelsFirst(features, inner)
          .toMatrix(numbers.values(), numbers.size(), new double[features * inner]);
      room.memory().giveBack(scratch);
    }
    return numbers.values();
  }

  @Override
  public void check(Faults faults) {
    input.ifPresent(tensor -> tensor.checkNumbers(places, faults));
  }

  @Override
  public List<AnsweredTensor> answered(RequestedOutputs requested, AnswerForm form, Faults faults) {
    if (requested.outputs().size() > 1) {
      String detail =
          "The request asks for "
              + requested.outputs().size()
              + " outputs; the answer to one tensor is one tensor.";
      faults.add(new Fault("#/outputs", Fault.SIZE, detail));
    }
    String asked = requested.first().map(InferenceOutput::name).orElseGet(form::name);
    ValueOrder order =
        inner == 1 ? new ValueOrder.RowMajor() : new ValueOrder.ChannelsFirst(features, inner);
    return List.of(
        new AnsweredTensor(
            form.input().orElse(asked),
            type.answered(),
            places.shape(),
            requested.isBinary(),
            order));
  }

  @Override
  public Pointers pointers() {
    return new Cells(places, features, inner);
  }

  private record Cells(TensorPlaces places, int features, int inner) implements Pointers {
    @Override
    public String rows() {
      return "#/inputs/0/shape";
    }

    @Override
    public String row(long row) {
      return places.base() + row;
    }

    @Override
    public String cell(long row, int feature) {
      return places.of((row / inner * features + feature) * inner + row % inner);
    }
  }
}
